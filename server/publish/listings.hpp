// Listings of a channel that cannot be sold right as they stand there: without a SKU, with one that
// we do not know, or two with one SKU. A machine per channel goes through the pages of its audit
// and keeps what is flawed, and only that: a channel of a million sound listings keeps no row.
// What is kept is state of the channel as it was read last, not a projection of facts.
//
// Thread rule: one lane.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/channels/contract/listings.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::publish {

// Kept per channel and flaw; the report says that there are more. They come as others are mended.
inline constexpr std::size_t kFlawedListingsMax = 1'000;
// Listings of one round that are compared with each other (32 MiB of memory while it lasts): in a
// larger channel SKUs shared with one beyond them are not found.
inline constexpr std::size_t kListingsComparedMax = 2'000'000;

enum class ListingFlaw { no_sku, unknown_sku, shared_sku };
[[nodiscard]] std::string_view name(ListingFlaw flaw);
[[nodiscard]] std::optional<ListingFlaw> listing_flaw(std::string_view name);

// As stored (server/store, table listing_flaw).
struct FlawedListing {
  std::string channel;
  std::string listing, location, sku, title;  // as the channel shows them
  ListingFlaw flaw = ListingFlaw::no_sku;
  std::int64_t seen_ms = 0;  // wall clock: shown so since
};

// Where they are kept. Books that keep none need not answer: the engine asks for it.
class ListingBook {
 public:
  virtual ~ListingBook() = default;
  [[nodiscard]] virtual base::Result<std::vector<FlawedListing>> flawed_listings() = 0;
  // Insert or replace by channel, listing, location and SKU.
  [[nodiscard]] virtual base::Status put_listing(const FlawedListing& row) = 0;
  [[nodiscard]] virtual base::Status remove_listing(const FlawedListing& row) = 0;
};

// A set of 64-bit hashes that only grows: eight bytes for each, at most half full.
class HashSet {
 public:
  // False: it was there. Beyond `most` of them nothing is added and nothing found.
  bool add(std::uint64_t hash, std::size_t most);
  void clear();
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  bool place(std::uint64_t hash);
  std::vector<std::uint64_t> slots_;  // 0: free
  std::size_t size_ = 0;
};

class ListingRound {
 public:
  struct Change {
    FlawedListing row;
    bool removed = false;
  };

  // What is stored, before the first page. `normal`: its SKU in normal form.
  void load(FlawedListing row, const std::string& normal);
  // `ours`: an item or a kit has this SKU.
  void see(const std::string& channel, const channels::ListingSeen& seen, const std::string& normal,
           bool ours, std::int64_t now_ms, std::vector<Change>& changes);
  // All pages were seen: what none of them showed is gone.
  void end(std::vector<Change>& changes);
  [[nodiscard]] std::size_t kept() const { return kept_.size(); }

 private:
  using Key = std::array<std::string, 3>;  // listing, location, and SKU of one without an id
  using Place = std::pair<std::string, std::string>;  // SKU in normal form, location
  struct Kept {
    FlawedListing row;
    bool seen = false;  // in this round
  };
  static Key key_of(const std::string& listing, const std::string& location,
                    const std::string& sku);
  std::optional<ListingFlaw> judge(const channels::ListingSeen& seen, const std::string& normal,
                                   bool ours);
  void keep(Key key, FlawedListing row, std::vector<Change>& changes);
  void drop(std::map<Key, Kept>::iterator at, std::vector<Change>& changes);

  std::map<Key, Kept> kept_;
  std::array<std::size_t, 3> count_{};  // of kept_, by flaw
  // SKUs seen so far in this round. One that comes a second time is shared: this listing is kept at
  // once, the first of them in the next round.
  HashSet passed_;
  std::set<Place> shared_, shared_next_;  // found in the round before, and in this one
};

}  // namespace dockline::server::publish
