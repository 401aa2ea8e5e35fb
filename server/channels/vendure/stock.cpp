// One figure out: read, write if it differs, read back. Vendure sells onHand - allocated of all
// locations, so what may be sold at a place is shown by setting onHand to that plus what Vendure
// has allocated there. Its own write reads, subtracts and adds: two at once corrupt the figure, so
// the outbox never has two under way for one SKU and location, and nothing is confirmed unread.
#include <algorithm>

#include "server/channels/contract/listings.hpp"
#include "server/channels/vendure/exchanges.hpp"
#include "server/channels/vendure/graphql.hpp"

namespace dockline::server::channels::vendure {

namespace {

constexpr int kWritesMax = 3;  // per attempt; then somebody else writes the same level
constexpr std::int64_t kAuditPage = 100;

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

struct Level {
  domain::Quantity on_hand = 0;    // at the location
  domain::Quantity allocated = 0;  // at the location
  domain::Quantity allocated_all = 0;
};

Level level_of(const json::value* variant, const std::string& location) {
  Level level;
  for (const auto& one : list(variant, "stockLevels")) {
    const auto allocated = number(&one, "stockAllocated");
    level.allocated_all += allocated;
    if (text(&one, "stockLocationId") != location) continue;
    level.on_hand = number(&one, "stockOnHand");
    level.allocated = allocated;
  }
  return level;
}

class SetStock final : public GraphQl {
 public:
  SetStock(const Config& config, Session& session, StockPush push)
      : GraphQl(config, session), push_(std::move(push)) {}

 private:
  Ask first() override { return read(); }

  Ask read() {
    reading_ = true;
    const auto known = session_.spelling.find(push_.sku);
    const auto& sku = known == session_.spelling.end() ? push_.sku : known->second;
    const json::object filter =
        searching_ ? json::object{{"contains", sku}} : json::object{{"eq", sku}};
    return ask("stock_read", {{"sku", filter}, {"location", push_.location}});
  }

  Verdict on_data(const json::value& data) override {
    if (!reading_) return read();  // written, as Vendure says; believed when read back
    const auto* found = member(&data, "productVariants");
    std::vector<const json::value*> variants;
    for (const auto& variant : list(found, "items")) {
      if (ours(variant)) variants.push_back(&variant);
    }
    if (variants.empty() && !searching_) {
      searching_ = true;
      return read();
    }
    if (variants.empty()) return NotListed{"no variant has the SKU " + push_.sku};
    if (variants.size() > 1) return doubled(static_cast<std::int64_t>(variants.size()));
    if (searching_) {
      session_.spelling[push_.sku] = text(variants.front(), "sku");
      searching_ = false;
    }
    if (number(member(&data, "stockLocations"), "totalItems") == 0) return no_location();
    const json::value* variant = variants.front();
    if (text(variant, "trackInventory") == "FALSE") {
      return NotListed{"the shop does not track the stock of " + push_.sku};
    }
    return compare(*variant);
  }

  bool ours(const json::value& variant) const {
    const auto sku = text(&variant, "sku");
    return std::ranges::equal(sku, push_.sku, [](char a, char b) { return upper(a) == upper(b); });
  }

  Verdict compare(const json::value& variant) {
    const Level level = level_of(&variant, push_.location);
    // Pieces that it holds for sales we have not seen: not to be offered a second time.
    const auto unseen = level.allocated_all - push_.known_held;
    const auto kept =
        std::clamp<std::int64_t>(unseen, 0, std::max<std::int64_t>(0, level.allocated));
    const auto target = std::max<std::int64_t>(0, push_.quantity - kept);
    const auto shown = level.on_hand - level.allocated;
    // A sale between our write and this reading lowers what is shown by what it raised allocated.
    const auto sold = written_ ? std::max<std::int64_t>(0, level.allocated - allocated_) : 0;
    if (shown == target || (sold > 0 && shown + sold == written_target_)) {
      return Delivered{.external_id = text(&variant, "id"), .shown = shown, .unseen = unseen};
    }
    if (writes_ == kWritesMax) {
      return RetryAfter{"read " + std::to_string(shown) + " back after writing " +
                        std::to_string(written_target_) + ": something else writes this level"};
    }
    ++writes_;
    written_ = true;
    written_target_ = target;
    allocated_ = level.allocated;
    reading_ = false;
    return ask(
        "stock_set",
        {{"input", json::array{{{"id", text(&variant, "id")},
                                {"stockLevels",
                                 json::array{{{"stockLocationId", push_.location},
                                              {"stockOnHand", target + level.allocated}}}}}}}});
  }

  Verdict doubled(std::int64_t how_many) const {
    return Rejected{
        .why = "the shop has " + std::to_string(how_many) + " variants with the SKU " + push_.sku,
        .proposed = "Give each variant a SKU of its own in Vendure, then send again."};
  }
  Verdict no_location() const {
    return Rejected{.why = "the shop has no stock location with the id " + push_.location,
                    .proposed = "Correct [channel.locations] of " + config_.name +
                                "; Vendure lists the ids under Settings, Stock locations."};
  }

  StockPush push_;
  bool reading_ = true, searching_ = false, written_ = false;
  int writes_ = 0;
  domain::Quantity written_target_ = 0, allocated_ = 0;
};

class Audit final : public GraphQl, public ShowsListings {
 public:
  Audit(const Config& config, Session& session, const AuditStock& poll) : GraphQl(config, session) {
    if (!poll.cursor.empty()) skip_ = std::strtoll(poll.cursor.c_str(), nullptr, 10);
  }
  [[nodiscard]] const std::vector<ListingSeen>& listings() const override { return listings_; }

 private:
  Ask first() override { return ask("stock_audit", {{"skip", skip_}, {"take", kAuditPage}}); }

  Verdict on_data(const json::value& data) override {
    const auto* found = member(&data, "productVariants");
    const auto& variants = list(found, "items");
    ShownStock shown;
    for (const auto& variant : variants) {
      if (text(&variant, "trackInventory") == "FALSE") continue;
      // One for all its places: a variant has a SKU, and each place a level of it.
      listings_.push_back({.listing = text(&variant, "id"),
                           .sku = text(&variant, "sku"),
                           .title = text(&variant, "name"),
                           .location = ""});
      for (const auto& [site, location] : config_.locations) {
        const Level level = level_of(&variant, location);
        shown.rows.push_back({.sku = text(&variant, "sku"),
                              .location = location,
                              .shown = level.on_hand - level.allocated,
                              .held = level.allocated_all});
      }
    }
    const auto next = skip_ + static_cast<std::int64_t>(variants.size());
    shown.more = !variants.empty() && next < number(found, "totalItems");
    if (shown.more) shown.next_cursor = std::to_string(next);
    return shown;
  }

  std::int64_t skip_ = 0;
  std::vector<ListingSeen> listings_;
};

}  // namespace

std::unique_ptr<Exchange> set_stock(const Config& config, Session& session, const StockPush& push) {
  return std::make_unique<SetStock>(config, session, push);
}

std::unique_ptr<Exchange> audit_stock(const Config& config, Session& session,
                                      const AuditStock& poll) {
  return std::make_unique<Audit>(config, session, poll);
}

}  // namespace dockline::server::channels::vendure
