// One stream of shared/sync in a seeded world: sender computers (one, or clones of it), a receiver,
// and a network that loses, repeats, delays and reorders. Disks can be imaged, backed up, restored
// and cloned; processes crash before or after a commit. A seed says everything.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

#include "shared/base/prng.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"
#include "shared/sync/testing/memory_stores.hpp"
#include "tests/property/sync_ghost.hpp"

namespace dockline::property {

struct Faults {  // per mille of the actions, or of the messages; drawn per run (swarm)
  std::uint32_t lose = 0, repeat = 0, reorder = 0, damage = 0;
  std::uint32_t crash_sender = 0, crash_receiver = 0, torn_turn = 0, link_loss = 0;
  int images = 0, clones = 0, backups_lost = 0, old_backups = 0;  // how many at most
  std::uint32_t disk_full = 0;
};

struct WorldOptions {
  std::uint64_t seed = 0;
  sync::Direction direction = sync::Direction::up;
  sync::SafePolicy safe = sync::SafePolicy::backup;
  Faults faults;
  int actions = 400;
  bool trace = false;
};

class SyncWorld {
 public:
  explicit SyncWorld(const WorldOptions& options);
  // Faults and work, then calm, then the judge. Empty: every promise was kept.
  [[nodiscard]] std::vector<std::string> run();
  [[nodiscard]] std::uint64_t trace_hash() const { return trace_hash_; }
  [[nodiscard]] int forks() const { return forks_; }
  [[nodiscard]] std::size_t gaps() const { return receiver_.disk.ledger.gaps.size(); }
  [[nodiscard]] std::size_t facts() const { return static_cast<std::size_t>(fact_no_); }

 private:
  struct SenderDisk {
    sync::testing::MemorySenderStore store;
    std::uint64_t boot = 0;
    std::set<FactNo> known;  // facts this disk holds or has trimmed
  };
  struct Computer {
    explicit Computer(std::uint64_t seed) : prng(seed) {}
    SenderDisk disk;
    base::Prng prng;  // this machine's system randomness
    std::uint64_t nonce = 0;
    std::optional<sync::Sender> sender;  // none: powered off
    std::int64_t back_at = 0;            // when powered off or without link
    bool linked = false;
  };
  struct ReceiverDisk {
    sync::testing::MemoryReceiverStore store;
    Ledger ledger;
    std::uint64_t boot = 0;
  };
  struct ReceiverNode final : sync::FactSink {
    explicit ReceiverNode(SyncWorld& w) : world(&w) {}
    [[nodiscard]] base::Result<sync::Applied> apply(base::Instant now,
                                                    const sync::FactView& fact) override;
    SyncWorld* world;
    ReceiverDisk disk;
    std::optional<sync::Receiver> receiver;
    std::int64_t back_at = 0;
  };
  struct InFlight {
    std::int64_t at = 0;
    std::uint64_t order = 0;
    bool to_receiver = false;
    std::string payload;
    bool operator>(const InFlight& o) const { return at != o.at ? at > o.at : order > o.order; }
  };

  [[nodiscard]] base::Instant now() const { return {now_ms_, 1'700'000'000'000 + now_ms_}; }
  [[nodiscard]] bool calm() const { return calm_; }
  [[nodiscard]] bool chance(std::uint32_t per_mille) { return !calm_ && prng_.chance(per_mille); }
  void trace(const std::string& what);

  // One turn of a computer; commits, or is torn by a crash before or after the commit.
  using SenderTurn = std::function<void(sync::Sender&, sync::SenderOut&)>;
  void sender_turn(Computer& computer, const SenderTurn& body);
  void after_commit(Computer& computer, const sync::SenderOut& out);
  void start_sender(Computer& computer);
  void record(Computer& computer, int count);
  void trim(Computer& computer);
  void restore_image(Computer& computer);
  void clone();

  using ReceiverTurn = std::function<base::Status(sync::Receiver&, sync::ReceiverOut&)>;
  void receiver_turn(const ReceiverTurn& body);
  void start_receiver();
  void back_up();
  void restore_backup(bool old);

  void send(bool to_receiver, const std::string& payload);
  void deliver(const InFlight& message);
  void act();
  void act_on_disks();
  // Runs machines and network until `until`.
  void run_to(std::int64_t until);
  [[nodiscard]] std::int64_t next_event() const;
  void run_due();
  [[nodiscard]] bool at_rest() const;
  void judge();

  WorldOptions options_;
  base::Prng prng_;
  Ghost ghost_;
  std::int64_t now_ms_ = 1'000;
  bool calm_ = false;
  std::deque<Computer> computers_;
  ReceiverNode receiver_;
  std::optional<SenderDisk> image_;
  std::vector<ReceiverDisk> backups_;
  std::priority_queue<InFlight, std::vector<InFlight>, std::greater<>> net_;
  std::uint64_t order_ = 0, sent_ = 0, trace_hash_ = 14695981039346656037ULL;
  FactNo fact_no_ = 0;
  std::vector<FactNo> recorded_now_, applied_now_;
  int forks_ = 0;
};

}  // namespace dockline::property
