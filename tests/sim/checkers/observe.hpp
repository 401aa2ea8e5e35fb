// What checkers are told. Nodes, people, devices and shops of the World report what happened in the
// world, as a person with a notebook could have seen it; a checker keeps its own books and never
// calls the code it judges. Strings are ids as they appear on paper and screen.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dockline::sim {

// ---- stations. `station` is "<site>/<name>".
// After a commit and before its effects: the station has durably recorded facts 1..last of `inc`.
struct StationRecorded {
  std::string station, inc;
  std::uint64_t last = 0;
  std::uint64_t waiting = 0;  // not acked, as the station says
};
// A scan reached the agent and this was heard at once (tick, tock, done, nope, hm, stop, ...).
struct ScanAnswered {
  std::string station, packer, code, sound;
  bool shelf = false;  // the page says that it is about a shelf that is counted
};
// The packer closed a box and heard "done": from now on this parcel exists.
struct BoxClosed {
  std::string station, order, lease, tracking;
  std::map<std::string, std::int64_t> pieces;  // sku -> in the box, as the packer counted
};
// The packer took back a close: the box is open again.
struct BoxReopened {
  std::string station, order, lease, tracking;
};
// A sheet of paper came out of a printer.
struct LabelCameOut {
  std::string station, printer, tracking;
  std::string zpl;
};
// A person asked for another label, or said that none came out.
struct ReprintWanted {
  std::string station, tracking, word;
};
enum class Mishap {
  killed,
  power_cut,
  restored_image,
  replaced_disk,
  cloned,
  disk_full,
  io_error,
  clock_jump,
  silenced,
  walked_away,
};
struct StationMishap {
  std::string station;
  Mishap what = Mishap::killed;
  // restored_image, cloned: "<up incarnation> <number> <ms>", how far that image had recorded, and
  // when it was made.
  std::string detail;
};

// ---- the wire. A program has published a message, or got one; views live during the report only.
struct WireSeen {
  bool sent = false;
  std::string_view computer, topic, payload;
};

// ---- server
struct HubCommitted {
  std::int64_t position = 0;
};
struct HubMishap {
  Mishap what = Mishap::killed;
  std::string detail;
  std::int64_t by_ms = 0;  // clock_jump
};
// After the end: the log was folded once more into an empty store.
struct ReplayVerified {
  bool equal = true;
  std::string detail;  // tables that differ
};
// The request leaves the server now (after its commit).
struct ChannelAsked {
  std::string channel, method, url, body;
};

// ---- shops
// Stock was set at the shop, for real.
struct ShopStockSet {
  std::string channel, sku, location;
  std::int64_t quantity = 0;
};
struct ShopSold {
  std::string channel, number;
  std::map<std::string, std::int64_t> pieces;
};
// More pieces of an order that was sold before.
struct ShopAdded {
  std::string channel, number;
  std::map<std::string, std::int64_t> pieces;
};
struct ShopCancelled {
  std::string channel, number;
  std::map<std::string, std::int64_t> pieces;
};
// The buyer lives elsewhere now.
struct ShopMoved {
  std::string channel, number, street;
};
// A fulfilment took effect at the shop (each time it does, also twice).
struct ShopFulfilled {
  std::string channel, number, tracking;
  std::map<std::string, std::int64_t> pieces;
};
// A person took a parcel back at the shop, by hand: it has not left after all.
struct ShopParcelTakenBack {
  std::string channel, number, tracking;
};
// Stock adjusted through the API, and answered.
struct StockBooked {
  std::string sku, site;
  std::int64_t quantity = 0;  // signed
};

// Done by the case through the API, and answered: a fact of this type has as many pieces. Site: of
// the place that the pieces were at or came to.
struct CasesBooked {
  std::string fact, sku, site;
  std::int64_t pieces = 0;
};
// The API said how many pieces so many cases are. Doubtful: there are cases of two sizes.
struct UnitTaken {
  std::string sku;
  std::int64_t pieces = 0;
  bool doubtful = false;
};

using Observation =
    std::variant<StationRecorded, ScanAnswered, BoxClosed, BoxReopened, LabelCameOut, ReprintWanted,
                 StationMishap, WireSeen, HubCommitted, HubMishap, ReplayVerified, ChannelAsked,
                 ShopStockSet, ShopSold, ShopAdded, ShopCancelled, ShopMoved, ShopFulfilled,
                 ShopParcelTakenBack, StockBooked, CasesBooked, UnitTaken>;

struct Violation {
  std::string checker;
  std::int64_t at_ms = 0;
  std::string what;  // for a person: which promise, which order, station, fact; seen and expected
};

// What the fleet's rules for routing are, as they were drawn. Not on: none are configured.
struct RoutingTruth {
  struct Site {
    bool hazardous = true;         // may handle such goods
    bool hours = false;            // a carrier leaves each day at `cut_off_min`, local time
    std::int64_t east_s = 0;       // its clock is so far ahead of UTC
    std::int64_t cut_off_min = 0;  // minutes after midnight
    std::int64_t parcel_minor = 0, piece_minor = 0, rate_minor = 0;  // 5 kg; twice that to 30 kg
    std::int64_t spare_minor = 0;  // the same of another carrier, undisturbed; 0: it is not there
    std::int64_t capacity = 0;     // orders it packs in a day; 0: nobody said
    std::int64_t priority = 0;     // the lowest number is the house's first
  };
  std::int64_t disturbed_minor = 0;  // what a disturbed carrier costs beside its rate
  std::int64_t full_minor = 0;  // what a site costs beside whose day is full; 0: load is not asked
  std::int64_t never_minor =
      0;  // what a carrier costs beside that never comes as said; 0: not asked
  std::int64_t further_minor = 300;  // each site after the first
  std::int64_t transit_ms = 0;       // what carriers say that they take
  std::string strategy = "cheapest";
  bool on = false, split = false;
  bool partial = false;        // what is there leaves before the rest of an order
  std::int64_t wait_ms = 0;    // a carrier must leave within this time
  std::int64_t silent_ms = 0;  // a site must have been heard within this time
  std::map<std::string, Site> sites;
};

// Files as they are now, for raw SQL of the checker's own (never the product's code).
class Evidence {
 public:
  virtual ~Evidence() = default;
  [[nodiscard]] virtual std::int64_t now_ms() const = 0;
  [[nodiscard]] virtual std::string vfs() const = 0;
  [[nodiscard]] virtual std::string server_db() const = 0;  // may be read at any time
  // Paths of agent.db by station; to be read only when the programs are stopped (calm is over).
  [[nodiscard]] virtual std::map<std::string, std::string> agent_dbs() const = 0;
  // The site behind a channel's location id; the same at every channel.
  [[nodiscard]] virtual std::map<std::string, std::string> site_of_location() const { return {}; }
  // Channels that hear of a parcel when it has left, not when its box is closed.
  [[nodiscard]] virtual std::set<std::string> tell_at_handover() const { return {}; }
  [[nodiscard]] virtual RoutingTruth routing() const { return {}; }
  // What the channels show: pieces of a SKU at a site.
  struct Shows {
    std::string channel, sku, site;
    std::int64_t quantity = 0;
  };
  [[nodiscard]] virtual std::vector<Shows> shown() const { return {}; }
  // What the server shows of each shelf, as console and command line read it; at rest.
  struct ShownBin {
    std::string sku, site, bin;
    std::int64_t quantity = 0;
    bool home = false;
  };
  [[nodiscard]] virtual std::vector<ShownBin> shown_bins() const { return {}; }
  // Queues, windows, mailboxes by name: value and the named limit.
  struct Gauge {
    std::string name;
    std::uint64_t value = 0, limit = 0;
  };
  [[nodiscard]] virtual std::vector<Gauge> gauges() const = 0;
};

class Checker {
 public:
  virtual ~Checker() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) = 0;
  // Every few virtual minutes while the run goes on.
  virtual void look(const Evidence& evidence, std::vector<Violation>& out) = 0;
  // After the calm: everything must have converged, programs are stopped, files are readable.
  virtual void end(const Evidence& evidence, std::vector<Violation>& out) = 0;
};

// All of them, in a fixed order (tests/sim/checkers/all.cpp).
[[nodiscard]] std::vector<std::unique_ptr<Checker>> make_checkers();

}  // namespace dockline::sim
