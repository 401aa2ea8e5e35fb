// Closed boxes by the facts alone: what lies in each, and where it is.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/checkers/log.hpp"

namespace dockline::sim {

class Boxes {
 public:
  struct Line {
    std::string sku;
    std::int64_t pieces = 0;
  };
  struct Box {
    std::string id;  // of the fact that closed it
    std::string order, station, lease, tracking, inc;
    std::int64_t epoch = 0;
    bool fenced = false;  // closed under a lease that was no longer its bench's
    std::string place;    // waiting, handed_over, delivered; empty: it holds nothing
    std::map<std::int64_t, Line> lines;

    [[nodiscard]] bool gone() const { return place == "handed_over" || place == "delivered"; }
    [[nodiscard]] std::int64_t pieces() const;
  };

  void fact(const Fact& fact);
  void forget() { *this = {}; }

  // Where the box of each lease is; "reopened": it had left by the books, and is open at its bench.
  [[nodiscard]] const std::map<std::string, std::string>& places() const { return places_; }
  [[nodiscard]] const std::vector<Box>& all() const { return boxes_; }
  // The one that counts under this lease.
  [[nodiscard]] const Box* of(const std::string& lease) const;
  // Orders of which a box was opened again after it had left.
  [[nodiscard]] const std::set<std::string>& opened_gone() const { return opened_gone_; }

 private:
  void closed(const Fact& fact);
  void reopened(const Fact& fact);
  void put_back(const Fact& fact);
  void move(const std::string& lease, const std::string& place);
  [[nodiscard]] Box* standing(const std::string& lease);
  [[nodiscard]] Box* named(const std::string& id);

  // A closing that counts for all that is known. A bench that was silent tells in one breath that
  // it closed a box, opened it and closed it again; that its work was fenced is said afterwards, of
  // each closing, of the opened one too. Then what stood before all of them stands as before.
  struct Stand {
    std::string id, place;
  };
  void stands(const Box& box, const std::string& place);  // the newest of its lease
  void stands_at(const Box& box, const std::string& place);
  void stands_no_more(const std::string& id);
  void place(const std::string& lease);

  std::vector<Box> boxes_;  // in the order of their closing; those opened again are gone from it
  std::map<std::string, std::vector<Stand>> stands_;  // by lease
  std::map<std::string, std::string> places_;         // of the newest of them
  std::set<std::string> opened_gone_;
};

}  // namespace dockline::sim
