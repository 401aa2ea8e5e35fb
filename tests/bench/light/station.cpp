#include "tests/bench/light/station.hpp"

#include <chrono>
#include <utility>

#include "shared/wire/event.hpp"

namespace dockline::bench {
namespace {

constexpr int kFactsPerOrder = 8;  // pieces a packer counts into one box before the next

std::int64_t now_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

std::string fact(base::Prng& prng, const std::string& source, const sync::Sender& sender, int order,
                 std::int64_t wall_ms, std::string& id) {
  wire::Event event;
  event.id = id = base::uuid7(prng, wall_ms);
  event.source = source;
  event.subject = event.correlation = "api:" + std::to_string(order);
  event.time_ms = wall_ms;
  event.dlinc = sender.inc();
  event.dlseq = sender.next_seq();
  event.dlhlc = static_cast<std::uint64_t>(wall_ms) << 16U;
  event.dloffms = 1;
  event.dlerrms = 2;
  event.data =
      wire::ItemCounted{event.subject, {event.subject + "/1", 1}, 1, "MUG-RED", 1, "4006381333931"};
  return wire::encode(event).value();
}

}  // namespace

// ------------------------------------------------------------------------------------- FlatStore
base::Status FlatStore::put_head(const sync::SenderHead& head) {
  head_ = head;
  return {};
}
base::Status FlatStore::append(const sync::OutRow& row) {
  bytes_.append(row.bytes);
  ends_.push_back(bytes_.size());
  chains_.push_back(row.chain);
  return {};
}
base::Result<sync::Chain> FlatStore::chain_at(sync::Seq seq) { return chains_.at(seq - 1); }
base::Status FlatStore::read(sync::Seq first, sync::Seq last,
                             const std::function<bool(const sync::OutRow&)>& each) {
  for (sync::Seq n = first; n <= last && n <= ends_.size(); ++n) {
    const std::size_t begin = n == 1 ? 0 : ends_[n - 2];
    const std::string_view bytes(bytes_.data() + begin, ends_[n - 1] - begin);
    if (!each({n, "", bytes, chains_[n - 1], 0})) break;
  }
  return {};
}
base::Status FlatStore::renumber(sync::Seq, sync::Seq, const sync::Chain&) {
  return base::fail(base::Fault::bug, "a light station was told to fork");
}

// ---------------------------------------------------------------------------------- LightStation
LightStation::LightStation(std::string site, std::string name, std::uint64_t seed, int orders)
    : site_(std::move(site)),
      name_(std::move(name)),
      orders_(orders),
      count_(static_cast<int>(seed % static_cast<std::uint64_t>(orders)) * kFactsPerOrder),
      prng_(seed),
      process_{1, prng_.next()},
      sender_(sync::Sender::open(rows_, prng_, {.process = process_}).value()),
      receiver_(sync::Receiver::open(cursors_, {.direction = sync::Direction::down,
                                                .process = process_,
                                                .snapshots = &snapshots_})
                    .value()) {}

void LightStation::take(sync::SenderOut& sent, std::vector<Outgoing>& out) {
  for (auto& payload : sent.payloads) out.push_back({sync::Leaf::up, std::move(payload)});
  sent.payloads.clear();
}

void LightStation::link_up(base::Instant now, std::vector<Outgoing>& out) {
  sync::State state;
  state.up = true;
  state.inc = sender_.inc();
  state.process = process_;
  state.program = "light station";
  state.last = sender_.last();
  state.t1 = now.wall_ms;
  out.push_back({sync::Leaf::state, sync::encode(state), true});
  sync::SenderOut sent;
  sender_.link_up(now, sent).value();
  take(sent, out);
}

void LightStation::on_message(base::Instant now, std::string_view topic, std::string_view payload,
                              std::vector<Outgoing>& out) {
  if (topic.ends_with("/down")) {
    sync::ReceiverOut answers;
    receiver_.on_message(now, payload, *this, answers).value();
    receiver_.flush(now, answers).value();
    for (auto& p : answers.payloads) out.push_back({sync::Leaf::down_ack, std::move(p)});
    return;
  }
  const auto message = sync::read(payload);
  if (!message || !std::holds_alternative<sync::Ack>(*message)) return;
  sync::SenderOut sent;
  sender_.on_ack(now, std::get<sync::Ack>(*message), sent).value();
  take(sent, out);
  const std::int64_t at_us = now_us();
  while (!timed_.empty() && timed_.front().seq <= sender_.acked()) {
    took_us_.push_back(at_us - timed_.front().at_us);
    timed_.pop_front();
  }
  flush(now, false, out);
}

void LightStation::tick(base::Instant now, std::vector<Outgoing>& out) {
  sync::SenderOut sent;
  const auto before = sent.payloads.size();
  sender_.tick(now, sent).value();
  opens_ += sent.payloads.size() - before;
  take(sent, out);
  flush(now, false, out);
}

void LightStation::record(base::Instant now, bool timed) {
  std::string id;
  const std::string bytes = fact(prng_, "/" + site_ + "/" + name_, sender_,
                                 count_ / kFactsPerOrder % orders_, now.wall_ms, id);
  ++count_;
  const auto seq = sender_.record(now, id, bytes).value();
  if (timed) timed_.push_back({seq, now_us()});
}

void LightStation::flush(base::Instant now, bool alone, std::vector<Outgoing>& out) {
  sync::SenderOut sent;
  sender_.flush(now, sent).value();
  if (alone && sent.payloads.empty()) {  // as if T_batch had passed
    now.mono_ms += base::limits::kBatchMs;
    sender_.flush(now, sent).value();
  }
  take(sent, out);
}

}  // namespace dockline::bench
