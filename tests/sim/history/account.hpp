// What became of a recorded trade, held against the slips: every line of the file is a line of an
// order, a cancellation, a correction or an exception, with its quantity; nothing is promised that
// is not there. Pure: what the programs say comes in as plain tables.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/history/history.hpp"

namespace dockline::sim {

using Pieces = std::map<std::string, std::int64_t>;  // by article

struct TakenIn {
  std::string office;                    // channel of what the office takes in
  std::vector<std::string> ways;         // of each slip: its order at a shop, or "" by the office
  std::set<std::string> changed_minds;   // orders that their customers changed or cancelled
  std::map<std::string, Pieces> orders;  // by order
  std::map<std::string, std::map<std::int64_t, std::string>> rows;  // by slip: row to outcome
};

struct Account {
  std::int64_t lost = 0;  // lines that are nowhere, or there with another quantity
  std::int64_t shop_lines = 0, pieces_wanted = 0;
  std::map<std::string, std::int64_t> outcomes;  // of the rows that the office took in
  std::vector<std::string> wrong;                // a sentence each
};
[[nodiscard]] Account account(const History& history, const TakenIn& taken);

// An article at a site when everything has come to rest.
struct Shelf {
  std::string sku, site;
  std::int64_t here = 0, promised = 0;
  std::int64_t shown = 0;  // the most that a channel was told or shows of it
  bool asked = false;      // a case is open that says that the books are below nothing there
};
// Pieces promised beyond what lies there, with a sentence for each shelf. Who takes more from a
// shelf than the books know leaves them below nothing: there it may stay while a person is asked
// about exactly that shelf and nobody was promised or shown a piece of it.
[[nodiscard]] std::int64_t oversold(const std::vector<Shelf>& shelves,
                                    std::vector<std::string>& wrong);

// A closed box with pieces in it when everything has come to rest.
struct Parcel {
  std::string tracking, order, site;
  std::string state;    // waiting, handed_over, delivered; anything else: it is nowhere
  std::string stopped;  // why it should not leave; empty: nothing speaks against it
};
struct Parcels {
  std::int64_t all = 0, handed_over = 0;
  std::int64_t orders = 0, in_several = 0, from_sites = 0;  // with parcels; with more than one;
                                                            // with parcels of more than one site
  std::map<std::string, std::int64_t> standing;             // at their sites, by reason
};
// Every box has left, or stands at its site with a reason; a sentence for each other one.
[[nodiscard]] Parcels parcels(const std::vector<Parcel>& all, std::vector<std::string>& wrong);

// Pieces of one kind at one place, by the books and by what lies in the boxes there.
struct Pile {
  std::string what;
  std::int64_t books = 0, boxes = 0;
};
// Pieces of which the two say otherwise, with a sentence for each such pile.
[[nodiscard]] std::int64_t adrift(const std::vector<Pile>& piles, std::vector<std::string>& wrong);

}  // namespace dockline::sim
