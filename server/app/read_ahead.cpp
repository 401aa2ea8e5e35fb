#include "server/app/read_ahead.hpp"

#include <utility>

#include "shared/sync/frame.hpp"

namespace dockline::server {

void ReadAhead::read() {
  int state = waiting;
  if (state_.compare_exchange_strong(state, reading)) {
    read_now();
    state_ = done;
    state_.notify_all();
    return;
  }
  while (state != done) {
    state_.wait(state);
    state = state_;
  }
}

void ReadAhead::read_now() {
  const auto plain = sync::unpack(payload_);
  if (!plain) {
    message_ = base::pass(plain.error());
    return;
  }
  plain_ = sync::is_packed(payload_) ? std::string(*plain) : std::move(payload_);
  payload_ = {};
  message_ = sync::parse(plain_);
  if (!message_) return;
  const auto* data = std::get_if<sync::Data>(&*message_);
  if (data == nullptr) return;
  links_.reserve(data->facts.size());
  events_.reserve(data->facts.size());
  sync::Chain chain = data->prev;
  for (const auto fact : data->facts) {
    chain = sync::chain_next(chain, fact);
    links_.push_back(chain);
    events_.push_back(wire::decode(fact));
  }
  taken_.resize(events_.size());
}

base::Result<wire::Event> ReadAhead::take(std::size_t i) {
  if (taken_[i]) return wire::decode(std::get<sync::Data>(*message_).facts[i]);
  taken_[i] = true;
  return std::move(events_[i]);
}

}  // namespace dockline::server
