// What a channel shows of an order that it gave before: more goods, another address. The same way
// as a person's amendment (commands_orders.cpp); what cannot be taken goes to a person, once, since
// the channel shows it for as long as it stands there.
#include <algorithm>

#include "server/app/commands.hpp"
#include "server/app/intake.hpp"
#include "server/app/json_text.hpp"
#include "server/publish/channel_words.hpp"

namespace dockline::server {
namespace {

using base::Fault;
using orders::UnitState;

constexpr std::size_t kWantedMax = 900;  // characters; less than an exception keeps

// All of it is in closed boxes, or gone: there is nothing left that could get another label.
bool closed(const std::vector<orders::Line>& lines) {
  return std::ranges::all_of(lines, [](const orders::Line& line) {
    return line.units.unrouted() == 0 && line.units.at(UnitState::allocated) == 0 &&
           line.units.at(UnitState::released) == 0;
  });
}

std::string in_words(const domain::Address& to) {
  std::string out = to.name;
  for (const auto* text : {&to.company, &to.street1, &to.street2, &to.postal_code, &to.city,
                           &to.region, &to.country, &to.phone}) {
    if (*text && !(*text)->empty()) out += (out.empty() ? "" : ", ") + **text;
  }
  return out;
}

AmendOrder wish_of(const wire::OrderAmended& shown) {
  return {.order = shown.order, .why = shown.why, .by = shown.by, .by_channel = true};
}

void add_lines(const wire::OrderAmended& shown, AmendOrder& wish) {
  for (const auto& line : shown.lines) {
    wish.lines.push_back({.line = line.line,
                          .quantity = line.quantity,
                          .sku = line.sku.value_or(""),
                          .title = line.title.value_or(""),
                          .unit_price_minor = line.unit_price_minor,
                          .external_id = line.external_id});
  }
}

bool refused(const base::Error& error) {
  return error.fault == Fault::reject || error.fault == Fault::conflict;
}

}  // namespace

// Both in one amendment, so that the bench gets one new label; one that is refused does not keep
// the other back.
base::Status Commands::keep_one(const wire::OrderAmended& shown) {
  if (!shown.lines.empty()) {
    const auto both = keep_goods(shown);
    if (!both) return base::pass(both.error());
    if (*both) return {};
  }
  return shown.ship_to ? keep_address(shown) : base::Status{};
}

base::Result<bool> Commands::keep_goods(const wire::OrderAmended& shown) {
  auto wish = wish_of(shown);
  add_lines(shown, wish);
  wire::OrderReceived goods{.order = shown.order, .number = shown.order};
  std::string wanted;
  for (const auto& line : shown.lines) {
    wanted += wanted.empty() ? "" : ", ";
    wanted += std::to_string(line.quantity) + " of " +
              line.sku.value_or("line " + std::to_string(line.line));
    if (line.line == 0) goods.lines.push_back({.sku = *line.sku, .title = line.title.value_or("")});
  }
  if (auto ok = register_unknown(core_, goods, "order:" + shown.by); !ok) {
    return base::pass(ok.error());
  }
  wish.ship_to = shown.ship_to;
  auto taken = on(wish);
  if (taken) return true;
  if (shown.ship_to && refused(taken.error())) {
    wish.ship_to.reset();
    taken = on(wish);
    if (taken) return false;
  }
  if (!refused(taken.error())) return base::pass(taken.error());
  const auto context =
      base::printable("wanted there: " + wanted + "; " + taken.error().detail, kWantedMax);
  if (core_.store->cases.said("order_differs", shown.order, context)) return false;
  core_.raise("order_differs", shown.order,
              "Channel " + shown.by + " shows order " + shown.order +
                  " with more goods than before; they cannot be added.",
              context, "Enter what is missing as an order of its own, or tell the buyer.");
  return false;
}

base::Status Commands::keep_address(const wire::OrderAmended& shown) {
  const auto ord = known_order(shown.order);
  if (!ord) return base::pass(ord.error());
  const auto head = *core_.store->orders.head(*ord);
  if (publish::same_place(address_of(head.ship_to_json), *shown.ship_to)) {
    // A person had set it here before: from now on it is what the channel said last.
    const auto kept = core_.record(
        wire::OrderAmended{
            .order = shown.order, .why = shown.why + ", as it is here", .by = shown.by},
        {.subject = shown.order});
    return kept ? base::Status{} : base::pass(kept.error());
  }
  if (head.state == "cancelled") return {};
  const bool gone = head.state == "shipped" || head.state == "delivered";
  std::string why = "its box is closed";
  if (!gone && !closed(core_.store->orders.lines(*ord))) {
    auto wish = wish_of(shown);
    wish.ship_to = shown.ship_to;
    const auto taken = on(wish);
    if (taken) return {};
    if (!refused(taken.error())) return base::pass(taken.error());
    why = taken.error().detail;
  } else if (gone) {
    why = "it is " + head.state;
  }
  if (!head.tracking.empty()) why += ", tracking " + head.tracking;
  const auto context =
      base::printable("wanted there: " + in_words(*shown.ship_to) + "; " + why, kWantedMax);
  if (core_.store->cases.said("order_differs", shown.order, context)) return {};
  core_.raise("order_differs", shown.order,
              "Channel " + shown.by + " shows order " + shown.order +
                  " with another address than before; it cannot be taken here.",
              context,
              gone
                  ? "Have the carrier redirect or return the parcel, or speak with the buyer."
                  : "Still in the house: open its box at the bench, then it gets a new label by "
                    "itself. Handed over: have the carrier redirect or return the parcel, or speak "
                    "with the buyer.");
  return {};
}

}  // namespace dockline::server
