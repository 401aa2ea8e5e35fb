// Leases at random: orders, boxes, cables, orders taken back by force, copied and old disks, and a
// server restored from backups, against the real HubApp. Always: no label is printed at two
// benches, and no order is open at two computers that hear the server. After the calm: one computer
// at most holds a lease, the one that the server names; every box that a living disk has closed is
// in the log once, and counts or is raised.
#include <algorithm>
#include <limits>
#include <set>

#include <gtest/gtest.h>

#include "shared/sqlite/db.hpp"
#include "tests/hub/hub_world.hpp"

namespace dockline::server {
namespace {

using testing::Bench;

constexpr int kSteps = 90;
const std::vector<std::pair<std::string, std::string>> kPlaces = {
    {"leipzig", "bench-1"}, {"leipzig", "bench-9"}, {"ulm", "bench-2"}};

struct Held {
  wire::LeaseGranted grant;
  std::string state = "open";  // open, done
};

// What is on a disk: streams, and the orders at the bench.
struct Image {
  sync::testing::MemorySenderStore out;
  sync::testing::MemoryReceiverStore in;
  std::map<std::string, Held> held;
  sync::Process process;
  std::string inc;
  sync::Seq last = 0;
};

// A packing computer: a Bench that folds leases as PROTOCOL.md section 11 has them.
struct Computer {
  std::string site, name;
  std::unique_ptr<Bench> parked;  // while no cable is in it
  Bench* bench = nullptr;
  std::map<std::string, Held> held;
  std::size_t folded = 0;
  int swapped = 0;  // snapshots folded
  std::string inc;  // that `held` is of
};

struct Box {
  std::string event, order, lease;
  std::int64_t epoch = 0;
  const Computer* computer = nullptr;
  std::string inc;
  sync::Seq seq = 0;
  bool lost = false;  // its disk was replaced by an older image before it was told
};

class Hall {
 public:
  explicit Hall(std::uint64_t seed) : prng(seed * 7 + 1) {
    w.seed = seed * 1'000;
    w.config.stations.clear();
    for (const auto& [site, name] : kPlaces) w.config.stations.push_back({site, name, ""});
    w.start();
    w.stock("MUG", "leipzig", 500);
    w.stock("MUG", "ulm", 500);
    for (const auto& [site, name] : kPlaces) {
      auto& c = make(site, name, prng.next());
      plug(c);
      c.bench->say(w.now, begun(c, "start"));
      settle();
    }
  }

  void step() {
    switch (prng.below(14)) {
      case 0:
      case 1:
      case 2:
        orders.push_back(w.order(std::to_string(orders.size() + 1), {{"MUG", prng.between(1, 3)}}));
        break;
      case 3:
      case 4:
      case 5:
      case 6:
        pack(any());
        break;
      case 7:
        cable(any());
        break;
      case 8:
        take_back();
        break;
      case 9:
        w.pass(prng.between(1, 150) * 1'000);
        break;
      case 10:
        copy_disk(any());
        break;
      case 11:
        old_disk(any());
        break;
      case 12:
        prng.chance(500) ? backup() : restore();
        break;
      default:
        decide();
    }
    settle();
  }

  // Every computer is plugged in for a while, and a person decides what is open; then once more.
  void calm() {
    for (int round = 0; round < 3; ++round) {
      for (auto& c : computers) {
        plug(*c);
        for (int i = 0; i < 4; ++i) {
          w.pass(45'000);
          settle();
        }
        if (round < 2) decide();  // the last time everybody only hears what was decided
        settle();
      }
    }
  }

  // Of the computers that can hear the server: soon after whatever happened.
  void check_live() {
    if (shared_leases().empty()) return;
    w.pass(45'000);
    settle();
    for (const auto& lease : shared_leases()) {
      ADD_FAILURE() << lease << " is open at two computers that hear the server";
    }
  }
  // Leases open at two of them.
  [[nodiscard]] std::vector<std::string> shared_leases() const {
    std::set<std::string> once;
    std::vector<std::string> twice;
    for (const auto& c : computers) {
      if (c->parked != nullptr) continue;
      for (const auto& [lease, one] : c->held) {
        if (one.state == "open" && !once.insert(lease).second) twice.push_back(lease);
      }
    }
    return twice;
  }

  void check_rest() {
    auto db = sqlite::Db::open(w.config.db_path, {.read_only = true}).value();
    auto named = db.prepare(
        "SELECT site, station, holder, epoch FROM p_lease WHERE lease = ?1 AND state IN ('held', "
        "'revoking')");
    std::map<std::string, std::vector<const Computer*>> holders;
    for (const auto& c : computers) {
      for (const auto& [lease, one] : c->held) {
        if (one.state == "open") holders[lease].push_back(c.get());
      }
    }
    for (const auto& [lease, who] : holders) {
      EXPECT_EQ(who.size(), 1U) << lease << " is open at " << who.size() << " computers";
      ASSERT_TRUE(named.bind(lease).step().has_value());
      const auto& c = *who.front();
      EXPECT_EQ(named.str(0) + "/" + named.str(1), c.site + "/" + c.name) << lease;
      EXPECT_EQ(named.str(2), c.bench->sender->inc()) << lease;
      EXPECT_EQ(named.integer(3), c.held.at(lease).grant.work.epoch) << lease;
      named.reset();
    }
    auto kept = db.prepare("SELECT count(*) FROM events WHERE id = ?1");
    auto counts = db.prepare(
        "SELECT count(*) FROM p_lease WHERE lease = ?1 AND state = 'done' AND epoch = ?2");
    auto accepted = db.prepare(
        "SELECT count(*) FROM events WHERE type LIKE 'dockline.pack.accepted.%' AND "
        "instr(body, ?1) > 0");
    auto raised = db.prepare(
        "SELECT count(*) FROM events WHERE type LIKE 'dockline.exception.raised.%' AND "
        "(instr(body, '\"fenced_work\"') > 0 OR instr(body, '\"packed_twice\"') > 0) AND "
        "instr(body, ?1) > 0");
    const auto number = [](sqlite::Statement& s) {
      const auto row = s.step();
      const auto n = row && *row ? s.integer(0) : -1;
      s.reset();
      return n;
    };
    for (const auto& box : boxes) {
      kept.bind(box.event);
      const auto times = number(kept);
      EXPECT_LE(times, 1);
      if (box.lost && times == 0) continue;
      EXPECT_EQ(times, 1) << "a closed box of " << box.order << " is not in the log";
      counts.bind(box.lease, box.epoch);
      accepted.bind(box.event);
      raised.bind(box.order);
      EXPECT_GT(number(counts) + number(accepted) + number(raised), 0)
          << "a box of " << box.order << " neither counts nor is it raised";
    }
    const auto report = w.verify();
    EXPECT_TRUE(report.equal);
    EXPECT_TRUE(w.rejected.empty()) << w.rejected.front();
  }

  testing::World w;
  base::Prng prng;
  std::vector<std::unique_ptr<Computer>> computers;
  std::vector<std::string> orders;
  std::vector<Box> boxes;
  std::map<std::string, std::set<std::string>> printed;  // tracking -> benches
  int restores = 0, copies = 0, forced = 0;

 private:
  Computer& any() { return *computers[prng.below(computers.size())]; }

  Computer& make(const std::string& site, const std::string& name, std::uint64_t seed) {
    auto c = std::make_unique<Computer>();
    c->site = site;
    c->name = name;
    c->parked = std::make_unique<Bench>(site, name, seed);
    c->parked->connected = false;
    c->bench = c->parked.get();
    c->inc = c->bench->sender->inc();
    computers.push_back(std::move(c));
    return *computers.back();
  }

  void plug(Computer& c) {
    if (c.parked == nullptr) return;
    for (auto& other : computers) {
      if (other.get() != &c && other->site == c.site && other->name == c.name) unplug(*other);
    }
    auto& place = w.benches[{c.site, c.name}];
    place = std::move(c.parked);
    place->connected = true;
    w.connect(*place);
  }
  void unplug(Computer& c) {
    if (c.parked != nullptr) return;
    c.bench->connected = false;
    c.bench->sender->link_down();
    c.parked = std::move(w.benches[{c.site, c.name}]);
    w.benches.erase({c.site, c.name});
    sync::State end;
    end.inc = c.bench->sender->inc();
    end.process = c.bench->process;
    w.put(MqttIn{sync::topic(c.site, c.name, sync::Leaf::state), sync::encode(end), false});
  }
  void cable(Computer& c) { c.parked == nullptr ? unplug(c) : plug(c); }

  wire::LeaseHeld begun(const Computer& c, const std::string& reason) {
    wire::LeaseHeld fact;
    fact.reason = reason;
    fact.process = sync::to_text(c.bench->process);
    for (const auto& [lease, one] : c.held) {
      if (one.state != "open") continue;
      fact.held.push_back({one.grant.order, one.grant.work, one.state, std::nullopt});
    }
    return fact;
  }

  void let_go(Computer& c, const domain::LeaseRef& through) {
    const auto known = c.held.find(through.lease);
    if (known == c.held.end() || known->second.state != "open" ||
        through.epoch < known->second.grant.work.epoch) {
      return;
    }
    const auto& grant = known->second.grant;
    c.bench->say(w.now, wire::LeaseReturned{grant.order, grant.work, "revoked"}, grant.order);
    c.held.erase(known);
  }
  // What a snapshot does not name is not at the bench any more; but what a census asks for stays.
  void swap(Computer& c, int snapshot) {
    const Bench& b = *c.bench;
    std::set<std::string> named;
    std::int64_t known_epoch = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = 0; i < b.told.size(); ++i) {
      if (b.by_snapshot[i] != snapshot) continue;
      if (const auto* census = std::get_if<wire::LeaseCensus>(&b.told[i].data)) {
        known_epoch = census->epoch;
      }
      const auto* grant = std::get_if<wire::LeaseGranted>(&b.told[i].data);
      if (const auto* box = std::get_if<wire::PackClosed>(&b.told[i].data)) {
        c.held[box->work.lease].state = "done";  // told by this bench, known after its grant
      }
      if (grant == nullptr || grant->holder.value_or(c.inc) != c.inc) continue;
      named.insert(grant->work.lease);
      auto& one = c.held[grant->work.lease];
      if (one.grant.work.epoch < grant->work.epoch) one = {*grant, "open"};
    }
    std::erase_if(c.held, [&](const auto& one) {
      return one.second.state == "open" && !named.contains(one.first) &&
             one.second.grant.work.epoch <= known_epoch;
    });
  }
  // Facts of the server, as a station takes them.
  void fold(Computer& c, const wire::Event& event) {
    if (const auto* grant = std::get_if<wire::LeaseGranted>(&event.data)) {
      if (grant->holder.value_or(c.inc) != c.inc) {
        return let_go(c, {grant->work.lease, grant->work.epoch - 1});
      }
      auto& one = c.held[grant->work.lease];
      if (one.grant.work.epoch >= grant->work.epoch) return;
      one = {*grant, "open"};
    } else if (const auto* gone = std::get_if<wire::LeaseRevoked>(&event.data)) {
      let_go(c, gone->work);
    } else if (const auto* census = std::get_if<wire::LeaseCensus>(&event.data)) {
      wire::LeaseHeld answer;
      answer.census = census->census;
      answer.reason = "census";
      answer.process = sync::to_text(c.bench->process);
      for (const auto& [lease, one] : c.held) {
        const bool lost = one.grant.work.epoch > census->epoch;
        if (one.state == "done" && !lost) continue;
        wire::HeldLease held{one.grant.order, one.grant.work, one.state, std::nullopt};
        if (lost) held.grant = one.grant;
        answer.held.push_back(std::move(held));
      }
      c.bench->say(w.now, answer);
    }
  }
  void settle() {
    for (bool more = true; more;) {
      w.settle();
      more = false;
      for (auto& c : computers) {
        if (c->inc != c->bench->sender->inc()) {  // forked: the right to all leases is gone
          c->inc = c->bench->sender->inc();
          std::erase_if(c->held, [](const auto& one) { return one.second.state == "open"; });
          c->bench->say(w.now, begun(*c, "fork"));
          more = true;
        }
        for (; c->folded < c->bench->told.size(); ++c->folded, more = true) {
          const int snapshot = c->bench->by_snapshot[c->folded];
          if (snapshot > std::exchange(c->swapped, std::max(snapshot, c->swapped))) {
            swap(*c, snapshot);
          }
          fold(*c, c->bench->told[c->folded]);
        }
        const int newest = c->bench->snapshots.swapped;  // it may have had no line
        if (newest > std::exchange(c->swapped, newest)) swap(*c, newest);
      }
    }
  }

  // With or without a cable: what is at the bench may be packed.
  void pack(Computer& c) {
    std::vector<Held*> open;
    for (auto& [lease, one] : c.held) {
      if (one.state == "open") open.push_back(&one);
    }
    if (open.empty()) return;
    Held& one = *open[prng.below(open.size())];
    const auto& grant = one.grant;
    auto& benches = printed[grant.label.tracking];
    benches.insert(c.site + "/" + c.name);
    EXPECT_EQ(benches.size(), 1U) << "label " << grant.label.tracking << " of " << grant.order
                                  << " came out at two benches";
    wire::PackClosed closed{grant.order, grant.work, {}, grant.label};
    for (const auto& line : grant.lines) {
      closed.lines.push_back({line.line, line.sku, line.quantity, 0});
    }
    c.bench->say(w.now, wire::PackOpened{grant.order, grant.work}, grant.order);
    const auto seq = c.bench->sender->next_seq();
    const auto id = c.bench->say(w.now, std::move(closed), grant.order);
    boxes.push_back({id, grant.order, grant.work.lease, grant.work.epoch, &c, c.inc, seq, false});
    one.state = "done";
  }

  void take_back() {
    if (orders.empty()) return;
    const auto& order = orders[prng.below(orders.size())];
    forced += !w.ask(ForceRevoke{order, "it waits too long", "boss"}).error.has_value();
  }

  Image image_of(const Computer& c) {
    sync::SenderOut none;  // the end of a turn: its head is on the disk as its rows are
    EXPECT_TRUE(c.bench->sender->flush(w.now, none).has_value());
    return {c.bench->out,           c.bench->in, c.held, c.bench->process, c.bench->sender->inc(),
            c.bench->sender->last()};
  }
  void boot(Computer& c, const Image& image) {
    Bench& b = *c.bench;
    b.out = image.out;
    b.in = image.in;
    b.process = {image.process.boot + 1, prng.next()};
    EXPECT_TRUE(b.snapshots.clear().has_value());
    b.sender.emplace(sync::Sender::open(b.out, b.prng, {.process = b.process}).value());
    b.receiver.emplace(sync::Receiver::open(b.in, {.direction = sync::Direction::down,
                                                   .process = b.process,
                                                   .snapshots = &b.snapshots})
                           .value());
    c.held = image.held;
    c.inc = b.sender->inc();
    c.folded = b.told.size();
  }
  // A second computer from a copy of a disk.
  void copy_disk(Computer& c) {
    if (copies >= 2) return;
    ++copies;
    const auto image = image_of(c);
    boot(make(c.site, c.name, prng.next()), image);
  }
  void old_disk(Computer& c) {
    const auto kept = images.find(&c);
    if (kept == images.end()) {
      images.emplace(&c, image_of(c));
      return;
    }
    unplug(c);
    for (auto& box : boxes) {
      if (box.computer != &c) continue;
      if (box.inc != kept->second.inc || box.seq > kept->second.last) box.lost = true;
    }
    boot(c, kept->second);
    images.erase(kept);
    plug(c);
  }

  // ---- the server
  void stop() {
    w.reader.reset();
    w.turn.reset();
  }
  void backup() {
    stop();
    std::filesystem::copy_file(w.config.db_path, w.config.db_path + ".kept",
                               std::filesystem::copy_options::overwrite_existing);
    w.start();
  }
  // By the command, as server/keeping/backup.cpp does it. The backup stays: it may be used again.
  void restore() {
    if (!std::filesystem::exists(w.config.db_path + ".kept")) return;
    ++restores;
    stop();
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(w.config.db_path + end);
    std::filesystem::copy_file(w.config.db_path + ".kept", w.config.db_path);
    {
      auto db = sqlite::Db::open(w.config.db_path, {}).value();
      ASSERT_TRUE(
          db.exec("UPDATE counter SET value = 1 WHERE name = 'restored';"
                  "UPDATE counter SET value = value + 1 WHERE name = 'generation'"));
    }
    w.start();
    w.pass(60'000);
  }
  // A person works off what waits for one.
  void decide() {
    const auto page = w.reader->exceptions("open", "", 100).value();
    for (const auto& row : page.items) {
      if (row.kind == "lease_holder") (void)w.ask(ResolveException{row.id, "use_new", "boss"});
      if (row.kind == "fenced_work" && prng.chance(500)) {
        (void)w.ask(ResolveException{row.id, "accept", "boss"});
      }
    }
    w.settle();
  }

  std::map<const Computer*, Image> images;
};

class LeaseProperty : public ::testing::TestWithParam<std::uint64_t> {
 protected:
  static void TearDownTestSuite() {  // it happened at all
    EXPECT_GT(all_boxes, 50U);
    EXPECT_GT(all_restores, 5);
    EXPECT_GT(all_copies, 5);
    EXPECT_GT(all_forced, 5);
  }
  static inline std::size_t all_boxes = 0;
  static inline int all_restores = 0, all_copies = 0, all_forced = 0;
};

TEST_P(LeaseProperty, NoLabelComesOutTwiceAndNoBoxIsLost) {
  Hall hall(GetParam());
  for (int i = 0; i < kSteps && !HasFailure(); ++i) {
    SCOPED_TRACE("step " + std::to_string(i));
    hall.step();
    hall.check_live();
  }
  hall.calm();
  hall.check_rest();
  all_boxes += hall.boxes.size();
  all_restores += hall.restores;
  all_copies += hall.copies;
  all_forced += hall.forced;
  if (HasFailure()) std::printf("seed %llu\n", static_cast<unsigned long long>(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Seeds, LeaseProperty, ::testing::Range<std::uint64_t>(1, 17));

}  // namespace
}  // namespace dockline::server
