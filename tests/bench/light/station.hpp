// A station without a bench: the product's own Sender and Receiver over memory, fed with facts of
// the kind a packer makes most, items counted into orders.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_snapshots.hpp"
#include "shared/sync/testing/memory_stores.hpp"

namespace dockline::bench {

// Rows in one block of memory; only what the protocol asks of an outbox that is never trimmed.
class FlatStore final : public sync::SenderStore {
 public:
  [[nodiscard]] base::Result<std::optional<sync::SenderHead>> head() override { return head_; }
  [[nodiscard]] base::Status put_head(const sync::SenderHead& head) override;
  [[nodiscard]] base::Status append(const sync::OutRow& row) override;
  [[nodiscard]] base::Result<sync::Chain> chain_at(sync::Seq seq) override;
  [[nodiscard]] base::Status read(sync::Seq first, sync::Seq last,
                                  const std::function<bool(const sync::OutRow&)>& each) override;
  [[nodiscard]] base::Status erase(sync::Seq) override { return {}; }
  [[nodiscard]] base::Status renumber(sync::Seq, sync::Seq, const sync::Chain&) override;

 private:
  std::optional<sync::SenderHead> head_;
  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::vector<sync::Chain> chains_;
};

struct Outgoing {
  sync::Leaf leaf;
  std::string payload;
  bool retained = false;
};

class LightStation final : public sync::FactSink {
 public:
  // `orders`: facts name orders api:0 .. api:<orders - 1> in turn.
  LightStation(std::string site, std::string name, std::uint64_t seed, int orders);

  void link_up(base::Instant now, std::vector<Outgoing>& out);
  void on_message(base::Instant now, std::string_view topic, std::string_view payload,
                  std::vector<Outgoing>& out);
  void tick(base::Instant now, std::vector<Outgoing>& out);
  // Records one fact. Live ones are timed until their acknowledgement.
  void record(base::Instant now, bool timed);
  // `alone`: what was just recorded goes in a message of its own, whatever is under way.
  void flush(base::Instant now, bool alone, std::vector<Outgoing>& out);

  [[nodiscard]] base::Result<sync::Applied> apply(base::Instant, const sync::FactView&) override {
    return sync::Applied::applied;
  }
  [[nodiscard]] const std::string& site() const { return site_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string topic(sync::Leaf leaf) const { return sync::topic(site_, name_, leaf); }
  [[nodiscard]] std::uint64_t waiting() const { return sender_.waiting(); }
  [[nodiscard]] bool streaming() const { return sender_.state() == sync::Sender::State::streaming; }
  [[nodiscard]] std::optional<std::int64_t> deadline() const { return sender_.deadline(); }
  // Microseconds from recording to acknowledgement of the timed facts.
  [[nodiscard]] std::vector<std::int64_t>& took_us() { return took_us_; }
  [[nodiscard]] std::uint64_t opens() const { return opens_; }

 private:
  void take(sync::SenderOut& sent, std::vector<Outgoing>& out);

  std::string site_, name_;
  int orders_, count_ = 0;
  base::Prng prng_;
  sync::Process process_;
  FlatStore rows_;
  sync::testing::MemoryReceiverStore cursors_;
  sync::testing::MemorySnapshots snapshots_{*this};
  sync::Sender sender_;
  sync::Receiver receiver_;
  struct Timed {
    sync::Seq seq;
    std::int64_t at_us;
  };
  std::deque<Timed> timed_;
  std::vector<std::int64_t> took_us_;
  std::uint64_t opens_ = 0;
};

}  // namespace dockline::bench
