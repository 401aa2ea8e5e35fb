#include "server/publish/listings.hpp"

#include <algorithm>

#include "server/orders/intake.hpp"
#include "server/publish/engine_impl.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::publish {
namespace {

constexpr std::size_t kFirstSlots = 1'024;

std::uint64_t hashed(const std::string& sku, const std::string& location) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  const auto add = [&](char c) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  };
  std::ranges::for_each(sku, add);
  add('\x1f');
  std::ranges::for_each(location, add);
  hash ^= hash >> 32;  // its low bits choose the slot
  return hash == 0 ? 1 : hash;
}

std::size_t index(ListingFlaw flaw) { return static_cast<std::size_t>(flaw); }

}  // namespace

std::string_view name(ListingFlaw flaw) {
  switch (flaw) {
    case ListingFlaw::no_sku:
      return "no_sku";
    case ListingFlaw::unknown_sku:
      return "unknown_sku";
    case ListingFlaw::shared_sku:
      return "shared_sku";
  }
  return "";
}

std::optional<ListingFlaw> listing_flaw(std::string_view named) {
  for (const auto flaw : {ListingFlaw::no_sku, ListingFlaw::unknown_sku, ListingFlaw::shared_sku}) {
    if (name(flaw) == named) return flaw;
  }
  return std::nullopt;
}

bool HashSet::place(std::uint64_t hash) {
  const auto mask = slots_.size() - 1;
  for (auto at = hash & mask;; at = (at + 1) & mask) {
    if (slots_[at] == hash) return false;
    if (slots_[at] != 0) continue;
    slots_[at] = hash;
    return true;
  }
}

bool HashSet::add(std::uint64_t hash, std::size_t most) {
  if (size_ >= most) return true;
  if (size_ * 2 >= slots_.size()) {
    const auto before = std::exchange(slots_, {});
    slots_.resize(std::max(kFirstSlots, before.size() * 2));
    for (const auto one : before) {
      if (one != 0) place(one);
    }
  }
  if (!place(hash)) return false;
  ++size_;
  return true;
}

void HashSet::clear() {
  slots_ = {};
  size_ = 0;
}

ListingRound::Key ListingRound::key_of(const std::string& listing, const std::string& location,
                                       const std::string& sku) {
  return {listing, location, listing.empty() ? sku : std::string()};
}

void ListingRound::load(FlawedListing row, const std::string& normal) {
  auto key = key_of(row.listing, row.location, row.sku);
  if (kept_.contains(key)) return;
  if (row.flaw == ListingFlaw::shared_sku) shared_.insert({normal, row.location});
  ++count_[index(row.flaw)];
  kept_.emplace(std::move(key), Kept{std::move(row), false});
}

std::optional<ListingFlaw> ListingRound::judge(const channels::ListingSeen& seen,
                                               const std::string& normal, bool ours) {
  if (normal.empty()) return ListingFlaw::no_sku;
  if (!ours) return ListingFlaw::unknown_sku;
  if (seen.listing.empty()) return std::nullopt;  // not told from another of that SKU
  const Place place{normal, seen.location};
  if (!passed_.add(hashed(normal, seen.location), kListingsComparedMax) &&
      shared_next_.size() < kFlawedListingsMax) {
    shared_next_.insert(place);
  }
  if (shared_.contains(place) || shared_next_.contains(place)) return ListingFlaw::shared_sku;
  return std::nullopt;
}

void ListingRound::see(const std::string& channel, const channels::ListingSeen& seen,
                       const std::string& normal, bool ours, std::int64_t now_ms,
                       std::vector<Change>& changes) {
  const auto flaw = judge(seen, normal, ours);
  auto key = key_of(seen.listing, seen.location, seen.sku);
  if (flaw) {
    keep(std::move(key),
         {.channel = channel,
          .listing = seen.listing,
          .location = seen.location,
          .sku = seen.sku,
          .title = seen.title,
          .flaw = *flaw,
          .seen_ms = now_ms},
         changes);
  } else if (const auto at = kept_.find(key); at != kept_.end()) {
    drop(at, changes);
  }
}

void ListingRound::keep(Key key, FlawedListing row, std::vector<Change>& changes) {
  const auto at = kept_.find(key);
  if (at != kept_.end() && at->second.row.flaw == row.flaw && at->second.row.sku == row.sku) {
    at->second.seen = true;
    if (at->second.row.title == row.title) return;
    at->second.row.title = std::move(row.title);
    changes.push_back({at->second.row, false});
    return;
  }
  if (at != kept_.end()) drop(at, changes);
  if (count_[index(row.flaw)] >= kFlawedListingsMax) return;
  ++count_[index(row.flaw)];
  changes.push_back({row, false});
  kept_.emplace(std::move(key), Kept{std::move(row), true});
}

void ListingRound::drop(std::map<Key, Kept>::iterator at, std::vector<Change>& changes) {
  --count_[index(at->second.row.flaw)];
  changes.push_back({std::move(at->second.row), true});
  kept_.erase(at);
}

void ListingRound::end(std::vector<Change>& changes) {
  for (auto at = kept_.begin(); at != kept_.end();) {
    const auto one = at++;
    if (!std::exchange(one->second.seen, false)) drop(one, changes);
  }
  shared_ = std::exchange(shared_next_, {});
  passed_.clear();
}

// Once, before the first page: what is stored of channels that are not read any more goes.
base::Status ChannelEngine::Impl::load_listings(Books& books) {
  if (std::exchange(listings_loaded, true)) return {};
  auto* book = dynamic_cast<ListingBook*>(&books);
  if (book == nullptr) return {};
  auto rows = book->flawed_listings();
  if (!rows) return base::pass(rows.error());
  for (auto& row : *rows) {
    Feed* feed = find(row.channel);
    if (feed != nullptr && feed->can().audits_stock) {
      const auto normal = orders::normal_sku(row.sku);
      feed->listings.load(std::move(row), normal);
    } else if (auto ok = book->remove_listing(row); !ok) {
      return ok;
    }
  }
  return {};
}

base::Status ChannelEngine::Impl::listings_shown(base::Instant now, Books& books, Feed& feed,
                                                 const channels::Exchange& exchange, bool last) {
  auto* book = dynamic_cast<ListingBook*>(&books);
  const auto* page = dynamic_cast<const channels::ShowsListings*>(&exchange);
  if (book == nullptr || page == nullptr) return {};
  std::vector<ListingRound::Change> changes;
  for (const auto& one : page->listings()) {
    const auto sku = orders::normal_sku(one.sku);
    bool ours = false;
    if (!sku.empty()) {
      const auto item = books.knows(sku);
      if (!item) return base::pass(item.error());
      ours = *item;
    }
    if (!sku.empty() && !ours) {
      const auto kit = books.kit(sku);
      if (!kit) return base::pass(kit.error());
      ours = kit->kits != nullptr;
    }
    feed.listings.see(feed.config().name,
                      {.listing = base::printable(one.listing),
                       .sku = base::printable(one.sku),
                       .title = base::printable(one.title),
                       .location = base::printable(one.location)},
                      sku, ours, now.wall_ms, changes);
  }
  if (last) feed.listings.end(changes);
  for (const auto& [row, removed] : changes) {
    const auto ok = removed ? book->remove_listing(row) : book->put_listing(row);
    if (!ok) return ok;
  }
  return {};
}

}  // namespace dockline::server::publish
