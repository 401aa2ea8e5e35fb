// A merchant's recorded trade (tests/workloads) as slips in the order of their times: orders,
// cancellations, corrections and odd lines, as they were written down. Reads the file with code of
// its own, so that what becomes of it can be judged.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/base/result.hpp"

namespace dockline::sim {

struct SlipLine {
  std::string sku;  // as the product writes it: upper case, without spaces around it
  std::int64_t quantity = 0;
};

// All lines of one number.
struct Slip {
  std::string number, customer;  // customer: empty for stock corrections and walk-in trade
  std::int64_t at_ms = 0;        // since the first slip
  bool goods = false;            // a plain order that a shop could have taken
  bool correction = false;       // of stock: no customer, no price
  std::vector<SlipLine> lines;
  std::string csv;  // the lines as a file of their own
};

// What the file says of an article, all copies together.
struct Traded {
  std::string title;
  std::int64_t sold = 0, lost = 0;  // pieces of orders; pieces that corrections take away
  std::int64_t lines = 0;           // of orders
};

struct History {
  std::vector<Slip> slips;
  std::map<std::string, Traded> goods;
  std::int64_t lines = 0, span_ms = 0;
};

struct HistoryWish {
  std::string file;
  std::int64_t factor = 1;  // so many copies side by side, with numbers and customers of their own
  std::int64_t slips = 0;   // only the first so many of the file; 0: all
};

// Hours in which nobody traded are cut short; within the day the recorded times stay.
[[nodiscard]] base::Result<History> read_history(const HistoryWish& wish);

}  // namespace dockline::sim
