// Any payload on any topic of the stream protocol, plain or packed: read, written again, and given
// to receivers of both directions and to a sender.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "shared/sync/frame.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace {

using namespace dockline;

constexpr base::Instant kNow{0, 1'700'000'000'000};

void require(bool good) {
  if (!good) std::abort();
}

class CountingSink final : public sync::FactSink {
 public:
  [[nodiscard]] base::Result<sync::Applied> apply(base::Instant /*now*/,
                                                  const sync::FactView& fact) override {
    require(fact.bytes.size() <= base::limits::kFactBytesMax);
    require(fact.bytes.find('\n') == std::string_view::npos);
    return sync::Applied::applied;
  }
};

void receive(std::string_view payload, sync::Direction direction) {
  sync::testing::MemoryReceiverStore store;
  auto receiver = *sync::Receiver::open(store, {.direction = direction, .process = {1, 1}});
  CountingSink sink;
  sync::ReceiverOut out;
  for (int i = 0; i < 2; ++i) {
    require(receiver.on_message(kNow, payload, sink, out).has_value());
    require(receiver.flush(kNow, out).has_value());
  }
  for (const auto& answer : out.payloads) {
    const auto ack = sync::parse(answer);
    require(ack && std::holds_alternative<sync::Ack>(*ack));
  }
}

void hear(const sync::Ack& ack) {
  sync::testing::MemorySenderStore store;
  base::Prng prng(1);
  auto sender = *sync::Sender::open(store, prng, {.process = ack.session.process});
  require(sender.record(kNow, "id", "{}").has_value());
  auto head = **store.head();
  head.inc = ack.inc;  // the message speaks of this stream
  require(store.put_head(head).has_value());
  sender = *sync::Sender::open(store, prng, {.process = ack.session.process});
  sync::SenderOut out;
  require(sender.link_up(kNow, out).has_value());
  sync::Ack mine = ack;
  mine.session.open = 1;
  mine.t1 = kNow.wall_ms;
  require(sender.on_ack(kNow, mine, out).has_value());
  require(sender.flush(kNow, out).has_value());
  for (const auto& payload : out.payloads) require(sync::read(payload).has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view payload(reinterpret_cast<const char*>(data), size);
  if (const auto message = sync::read(payload)) {
    std::visit(
        [](const auto& m) {
          if constexpr (requires { sync::encode(m); }) {
            const auto again = sync::encode(m);
            require(sync::parse(again).has_value());
            if (const auto packed = sync::pack(again)) require(*sync::unpack(*packed) == again);
          }
        },
        *message);
    if (const auto* ack = std::get_if<sync::Ack>(&*message)) hear(*ack);
  }
  receive(payload, sync::Direction::up);
  receive(payload, sync::Direction::down);
  return 0;
}
