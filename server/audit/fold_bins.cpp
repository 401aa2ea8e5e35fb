// What lies in which bin of a shelf: movements name bins, or take from the home bin and, once that
// is empty, from the others.
#include <algorithm>
#include <utility>

#include "server/audit/fold.hpp"

namespace dockline::server::audit {
namespace {

constexpr std::int64_t kPiecesMax = 1'000'000;
constexpr std::string_view kShelf = "/shelf";

bool is_shelf(const std::string& place) { return place.ends_with(kShelf); }

std::string site_of(const std::string& place) {
  const auto slash = place.rfind('/');
  return slash == std::string::npos ? std::string{} : place.substr(0, slash);
}

}  // namespace

std::string Fold::bin_name(const std::string& sku, const std::string& place,
                           const std::string& bin) const {
  if (bin.empty()) return bin;
  const auto home = homes.find({sku, site_of(place)});
  return home != homes.end() && home->second == bin ? std::string{} : bin;
}

std::int64_t Fold::in_bin(const std::string& sku, const std::string& site,
                          const std::string& bin) const {
  const auto held = bins.find({sku, site});
  if (bin.empty()) {
    const auto shelf = balances.find({sku, site + std::string(kShelf)});
    auto rest = shelf == balances.end() ? 0 : shelf->second;
    if (held == bins.end()) return rest;
    for (const auto& [name, pieces] : held->second) rest -= pieces;
    return rest;
  }
  if (held == bins.end()) return 0;
  const auto at = held->second.find(bin);
  return at == held->second.end() ? 0 : at->second;
}

void Fold::put_in_bin(const std::string& sku, const std::string& place, const std::string& bin,
                      std::int64_t change) {
  if (bin.empty()) return;
  const auto at = bins.try_emplace({sku, site_of(place)}).first;
  if ((at->second[bin] += change) <= 0) at->second.erase(bin);
  if (at->second.empty()) bins.erase(at);
}

void Fold::take_home(const std::string& sku, const std::string& shelf, const std::string& bin,
                     std::int64_t pieces, std::vector<MoveWanted>& moves) {
  while (pieces > 0) {
    const auto part = std::min(pieces, kPiecesMax);
    pieces -= part;
    moves.push_back({n_++, sku, shelf, shelf, part, bin, {}});
    put_in_bin(sku, shelf, bin, -part);
  }
}

void Fold::post_bins(const MoveWanted& move, std::vector<MoveWanted>& moves) {
  put_in_bin(move.sku, move.from, move.from_bin, -move.pieces);
  put_in_bin(move.sku, move.to, move.to_bin, move.pieces);
  if (bins.empty()) return;
  if (is_shelf(move.from)) empty_bins(move.sku, move.from, moves);
  if (!move.to_bin.empty() && move.to != move.from) empty_bins(move.sku, move.to, moves);
}

void Fold::empty_bins(const std::string& sku, const std::string& shelf,
                      std::vector<MoveWanted>& moves) {
  const auto site = site_of(shelf);
  const auto held = bins.find({sku, site});
  if (held == bins.end()) return;
  const auto others = held->second;
  std::int64_t all = 0;
  for (const auto& [bin, pieces] : others) all += pieces;
  auto missing = all - std::max<std::int64_t>(0, balances[{sku, shelf}]);
  for (const auto& [bin, pieces] : others) {
    if (missing <= 0) return;
    take_home(sku, shelf, bin, std::min(missing, pieces), moves);
    missing -= pieces;
  }
}

void Fold::moved(const Fact& fact, std::vector<MoveWanted>& moves) {
  Ends ends{bin_name(fact.sku, fact.from, fact.from_bin), bin_name(fact.sku, fact.to, fact.to_bin)};
  auto left = fact.quantity;
  if (!ends.from.empty()) {
    // A bin gives what it has; the rest was in the home bin.
    const auto has = in_bin(fact.sku, site_of(fact.from), ends.from);
    if (has > 0 && has < left) {
      post(fact.sku, fact.from, fact.to, has, moves, ends);
      left -= has;
    }
    if (has < fact.quantity) ends.from.clear();
  }
  post(fact.sku, fact.from, fact.to, left, moves, ends);
}

void Fold::assigned(const Fact& fact, std::vector<MoveWanted>& moves) {
  const auto held = in_bin(fact.sku, fact.site, fact.bin);
  if (!fact.bin.empty() && held > 0 && several_bins(fact.sku, fact.site)) {
    take_home(fact.sku, fact.site + std::string(kShelf), fact.bin, held, moves);
  }
  homes[{fact.sku, fact.site}] = fact.bin;
}

void Fold::counted_bin(std::int64_t position, const Fact& fact, std::vector<MoveWanted>& moves) {
  const std::string shelf = fact.site + std::string(kShelf);
  const auto bin = bin_name(fact.sku, shelf, fact.bin);
  CountSeen seen{position, fact.moment, fact.counted, 0, fact.source};
  seen.difference = fact.counted - in_bin(fact.sku, fact.site, bin);
  correct(fact.sku, shelf, seen.difference, moves, bin);
  bin_counts[position] = seen;
}

}  // namespace dockline::server::audit
