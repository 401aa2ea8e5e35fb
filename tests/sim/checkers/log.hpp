// The server's log as a notebook: every fact is read once, with raw SQL and JSON reading of our
// own, and told to every checker.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/checkers/sql.hpp"

namespace dockline::sim {

// One fact; fields that its type does not have stay empty.
struct Fact {
  std::int64_t position = 0;  // 0: parked, not in the log
  std::string id, type, source;
  std::string station;  // "<site>/<name>"; empty for facts of the server
  std::string inc;      // where it was born
  std::uint64_t seq = 0;
  std::string order, channel, number, lease, tracking, sku, from, to, reason, barcode, box;
  std::string about;  // what a hold is about
  std::string by;     // who said it, where that is recorded
  std::string kind, subject, exception, action, site, name, location, job, state;
  std::int64_t epoch = 0, quantity = 0, line = 0, attempt = 0, most = 0, cost_minor = 0,
               damaged = 0, counted = 0;
  bool has_address = false;
  std::string address;              // letters and digits of it, lower case
  std::string holder;               // the up incarnation that a lease is given to
  std::string customer;             // of an order: the channel's id of the buyer, else the e-mail
  std::vector<std::string> orders;  // that go in one parcel
  std::vector<std::pair<std::string, std::int64_t>> parts;  // of a kit: SKU, pieces in one
  std::optional<bool> vip;
  std::optional<std::int64_t> promised_ms;
  std::string outlook, worst, why;  // of a forecast
  std::int64_t predicted_ms = 0;
  std::int64_t placed_ms = 0, released_ms = 0, preorder_most = 0;
  bool preorder = false, ended = false;  // of what may be promised without stock
  std::string purchase, supplier, outcome;
  std::vector<std::pair<std::string, std::string>> values;  // what is said of a site
  std::string rule, facts, method;                          // of a decision
  std::string service;  // of a label: its carrier and what it is called there
  std::int64_t handed_ms = 0, delivered_ms = 0;  // of a parcel, as somebody saw it
  bool hazardous = false;                        // an item
  std::string delivery, transfer, from_site, to_site, task;
  std::string bin, from_bin, to_bin;  // of a shelf
  bool not_sold = false;              // of a lot that is expired, or a customer's own
  std::string ownership, owner;       // of a lot; empty: the house's
  std::int64_t expires_ms = 0;        // of a lot; 0: it says nothing
  // By the hybrid logical clock of whoever recorded it, else by the time that the log has of it.
  std::int64_t moment = 0;
  std::int64_t time_ms = 0, heard_ms = 0;  // that the log has of it
  struct Line {
    std::int64_t line = 0, quantity = 0, packed = 0, missing = 0;
    std::string sku, site;
    std::string to, serial;  // of pieces that came back: kind of place, and what was read on them
    std::string ownership, owner;
    bool not_sold = false;                        // expired, or a customer's own
    std::map<std::string, std::int64_t> serials;  // in a box: pieces
    std::int64_t named = 0;                       // pieces whose lot or serial is said
  };
  std::vector<Line> lines;
  std::vector<std::pair<std::string, std::string>> bins;  // SKU and bins that lines of work name
  std::string time;                                       // as it says itself
  std::map<std::string, std::int64_t> free;  // a decision's inputs: pieces by SKU, over all sites

  [[nodiscard]] bool is(std::string_view what) const { return type == what; }
};

// False: not JSON, or without an envelope; the fields read so far stay.
bool read_fact(std::string_view body, Fact& out);

class LogReader {
 public:
  virtual ~LogReader() = default;
  virtual void fact(const Fact& fact) = 0;
  virtual void forget() = 0;  // the log went back: everything is told again
};

class Log {
 public:
  void add(LogReader* reader) { readers_.push_back(reader); }
  // What was kept since. False: the file cannot be read now.
  [[nodiscard]] bool catch_up(const Evidence& evidence);
  // The server's disk was changed behind it.
  void went_back() { again_ = true; }
  void close() { sql_.close(); }
  [[nodiscard]] Sql& sql() { return sql_; }
  [[nodiscard]] std::int64_t last_position() const { return position_; }

 private:
  [[nodiscard]] bool check_tail();

  Sql sql_;
  std::vector<LogReader*> readers_;
  std::int64_t position_ = 0, parked_ = 0;
  std::string last_id_;
  bool again_ = false;
};

}  // namespace dockline::sim
