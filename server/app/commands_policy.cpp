// What is kept back and for whom, and how a figure comes about.
#include <algorithm>
#include <array>

#include "server/app/commands.hpp"
#include "server/orders/intake.hpp"
#include "server/stock/bounds.hpp"

namespace dockline::server {

using base::Fault;

namespace {

struct Field {
  const char* name;
  std::optional<std::int64_t> wire::StockPolicySet::* value;
  bool of_site;
  std::int64_t most;
};
constexpr std::array kFields = {
    Field{"safety", &wire::StockPolicySet::safety, true, stock::kPiecesMax},
    Field{"quota", &wire::StockPolicySet::quota, true, stock::kPiecesMax},
    Field{"share_pm", &wire::StockPolicySet::share_pm, false, 1'000},
    Field{"buffer", &wire::StockPolicySet::buffer, false, stock::kPiecesMax},
    Field{"cap", &wire::StockPolicySet::cap, false, stock::kPiecesMax},
};

bool says_the_same(const std::optional<store::PolicyRow>& row, const wire::StockPolicySet& wish) {
  const auto known = row.value_or(store::PolicyRow{});
  return known.safety == wish.safety && known.quota == wish.quota &&
         known.share_pm == wish.share_pm && known.buffer == wish.buffer && known.cap == wish.cap &&
         (!row || known.why == wish.why);
}

}  // namespace

base::Status Commands::check_policy(const wire::StockPolicySet& wish) const {
  if (wish.site.has_value() == wish.channel.has_value()) {
    return base::fail(Fault::reject,
                      "site, channel: give one of them; a site keeps safety and quota back, a "
                      "channel is shown less by share_pm, buffer and cap");
  }
  if (wish.site) {
    if (auto ok = known_site(*wish.site); !ok) return ok;
  } else if (!core_.engine->serves(*wish.channel)) {
    return base::fail(Fault::reject, "channel: \"" + *wish.channel +
                                         "\" is not configured; add a [[channel]] or use one "
                                         "that is");
  }
  for (const auto& field : kFields) {
    const auto value = wish.*field.value;
    if (!value) continue;
    if (field.of_site != wish.site.has_value()) {
      return base::fail(Fault::reject, std::string(field.name) + ": belongs to a " +
                                           (field.of_site ? "site" : "channel") + ", not to a " +
                                           (field.of_site ? "channel" : "site") +
                                           "; leave it out here and set it there");
    }
    if (*value < 0 || *value > field.most) {
      return base::fail(Fault::reject, std::string(field.name) + ": " + std::to_string(*value) +
                                           " is not within 0 to " + std::to_string(field.most));
    }
  }
  if (auto ok = orders::check_text(wish.why, "why", true); !ok) return ok;
  return orders::check_text(wish.by, "by");
}

base::Result<Reply> Commands::on(const SetStockPolicy& c) {
  wire::StockPolicySet wish{.site = c.site,
                            .channel = c.channel,
                            .sku = c.sku,
                            .safety = c.safety,
                            .quota = c.quota,
                            .share_pm = c.share_pm,
                            .buffer = c.buffer,
                            .cap = c.cap,
                            .why = c.why,
                            .by = c.by};
  if (auto ok = check_policy(wish); !ok) return base::pass(ok.error());
  if (wish.sku) {
    wish.sku = orders::normal_sku(*wish.sku);
    if (!core_.store->stock.has_item(*wish.sku)) {
      return base::fail(Fault::reject, "sku: \"" + *wish.sku +
                                           "\" is not in the catalogue; register it first, or "
                                           "leave it out to mean all");
    }
  }
  Reply reply;
  reply.id = wish.site.value_or("") + wish.channel.value_or("");
  if (wish.sku) reply.id += "/" + *wish.sku;
  const auto row = core_.store->policies.row(wish.site.value_or(""), wish.channel.value_or(""),
                                             wish.sku.value_or(""));
  if (says_the_same(row, wish)) return reply;
  const std::string subject = reply.id;
  const auto kept = core_.record(std::move(wish), {.subject = subject});
  if (!kept) return base::pass(kept.error());
  reply.created = true;
  return reply;
}

// A recipe must fit with all others: no circle, not too deep. A kit has no stock of its own, so a
// SKU that lies somewhere cannot become one.
base::Result<Reply> Commands::on(const DefineKit& c) {
  const std::string sku = orders::normal_sku(c.sku);
  stock::Recipe mine{sku, {}};
  for (const auto& [part, pieces] : c.parts)
    mine.parts.push_back({orders::normal_sku(part), pieces});
  std::ranges::sort(mine.parts, {}, &stock::Part::sku);
  Reply reply;
  reply.id = sku;
  std::vector<stock::Recipe> recipes;
  std::vector<stock::Part> known;
  for (const auto& row : core_.store->kits.all()) {
    if (row.kit == sku) {
      known.push_back({row.part, row.pieces});
      continue;
    }
    if (recipes.empty() || recipes.back().kit != row.kit) recipes.push_back({row.kit, {}});
    recipes.back().parts.push_back({row.part, row.pieces});
  }
  if (auto ok = check_kit(mine); !ok) return base::pass(ok.error());
  if (known == mine.parts) return reply;
  if (!mine.parts.empty()) recipes.push_back(mine);
  if (auto made = stock::Kits::make(recipes); !made) return base::pass(made.error());
  wire::KitDefined defined{.sku = sku, .parts = {}, .by = c.by};
  for (auto& part : mine.parts) defined.parts.push_back({std::move(part.sku), part.pieces});
  const auto kept = core_.record(std::move(defined), {.subject = sku});
  if (!kept) return base::pass(kept.error());
  reply.created = true;
  return reply;
}

base::Status Commands::check_kit(const stock::Recipe& mine) const {
  auto& stock = core_.store->stock;
  if (!stock.has_item(mine.kit)) {
    return base::fail(Fault::reject,
                      "sku: \"" + mine.kit + "\" is not in the catalogue; register it first");
  }
  for (const auto& part : mine.parts) {
    if (!stock.has_item(part.sku)) {
      return base::fail(Fault::reject,
                        "parts: \"" + part.sku + "\" is not in the catalogue; register it first");
    }
  }
  if (core_.kits.size() >= stock::kKitsMax && !core_.kits.is_kit(mine.kit)) {
    return base::fail(Fault::reject, "sku: there are " + std::to_string(stock::kKitsMax) +
                                         " kits, more are not kept; take one apart first");
  }
  for (const auto& pieces : stock.pieces(mine.kit)) {
    if (mine.parts.empty() || (pieces.on_hand == 0 && pieces.reserved == 0)) continue;
    return base::fail(Fault::reject,
                      "sku: " + std::to_string(pieces.on_hand) + " of " + mine.kit + " lie at " +
                          pieces.site + " and " + std::to_string(pieces.reserved) +
                          " are promised there; a kit has no stock of its own, book its parts");
  }
  return {};
}

base::Result<Reply> Commands::on(const ExplainStock& c) {
  const std::string sku = orders::normal_sku(c.sku);
  if (!core_.store->stock.has_item(sku)) {
    return base::fail(Fault::reject, "sku: \"" + sku + "\" is not in the catalogue");
  }
  auto derived = core_.engine->derive(core_.now, books_, sku);
  if (!derived) return base::pass(derived.error());
  Reply reply;
  reply.id = sku;
  reply.derivation = std::move(*derived);
  return reply;
}

}  // namespace dockline::server
