// Orders in. Vendure moves updatedAt on neither payment nor fulfilment, so new orders are found by
// orderPlacedAt with an overlap, and what we hold open is asked for by its code.
#include <algorithm>
#include <charconv>
#include <utility>

#include "server/channels/vendure/exchanges.hpp"
#include "server/channels/vendure/graphql.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::channels::vendure {

namespace limits = base::limits;

namespace {

constexpr std::int64_t kPage = 50;
// A transaction that started before our last reading may become visible after it.
constexpr std::int64_t kOverlapMs = 60'000;
// How far back the first reading goes: older unshipped orders are brought in by hand.
constexpr std::int64_t kFirstLookMs = 30LL * 24 * 3'600 * 1'000;

std::optional<std::string> maybe(std::string value) {
  if (value.empty()) return std::nullopt;
  if (value.size() > limits::kTextBytesMax) value.resize(limits::kTextBytesMax);
  if (!base::is_utf8(value)) value = base::printable(value, limits::kTextBytesMax);
  return value;
}

domain::Address address(const json::value* order) {
  const auto* to = member(order, "shippingAddress");
  const auto* customer = member(order, "customer");
  domain::Address out;
  out.name = text(to, "fullName");
  if (out.name.empty()) {
    out.name = text(customer, "firstName") + " " + text(customer, "lastName");
  }
  out.company = maybe(text(to, "company"));
  out.street1 = maybe(text(to, "streetLine1"));
  out.street2 = maybe(text(to, "streetLine2"));
  out.postal_code = maybe(text(to, "postalCode"));
  out.city = maybe(text(to, "city"));
  out.region = maybe(text(to, "province"));
  out.country = maybe(text(to, "countryCode"));
  out.phone = maybe(text(to, "phoneNumber"));
  if (!out.phone) out.phone = maybe(text(customer, "phoneNumber"));
  out.email = maybe(text(customer, "emailAddress"));
  return out;
}

bool begun_to_ship(const json::value* order) {
  const auto& fulfilments = list(order, "fulfillments");
  return std::ranges::any_of(fulfilments, [](const json::value& fulfilment) {
    return text(&fulfilment, "state") != "Cancelled";
  });
}

// Lines by Vendure's id, which never changes, so that our line numbers do not either.
std::vector<domain::OrderLine> lines_of(const json::value* order) {
  std::vector<domain::OrderLine> lines;
  for (const auto& line : list(order, "lines")) {
    domain::OrderLine out;
    const auto id = text(&line, "id");
    const auto* variant = member(&line, "productVariant");
    out.sku = text(variant, "sku");
    out.title = maybe(text(variant, "name")).value_or(out.sku);
    out.quantity = number(&line, "quantity");
    out.unit_price_minor = number(&line, "unitPriceWithTax");
    out.external_id = id;
    lines.push_back(std::move(out));
  }
  std::ranges::sort(lines, {}, [](const domain::OrderLine& line) {
    return std::pair(line.external_id->size(), *line.external_id);
  });
  for (std::size_t i = 0; i < lines.size(); ++i) {
    lines[i].line = static_cast<std::int64_t>(i) + 1;
  }
  return lines;
}

OrderSeen seen(const Config& config, const json::value& order) {
  OrderSeen out;
  const auto state = text(&order, "state");
  out.order.channel = config.name;
  out.order.number = text(&order, "code");
  out.order.order = config.name + ":" + out.order.number;
  out.order.external_id = text(&order, "id");
  const auto placed = base::parse_rfc3339(text(&order, "orderPlacedAt"));
  out.order.placed_ms = placed.value_or(0);
  out.changed_ms = out.order.placed_ms;
  out.order.currency = text(&order, "currencyCode");
  out.order.ship_to = address(&order);
  out.order.lines = lines_of(&order);
  if (const auto shipping = number(&order, "shippingWithTax"); shipping != 0) {
    out.order.charges.push_back(
        {.code = "shipping", .title = "Shipping", .quantity = 1, .unit_price_minor = shipping});
  }
  out.cancelled = state == "Cancelled";
  // Wholly ours or not at all: what somebody began to ship elsewhere is a person's to finish.
  out.wanted = state == "PaymentSettled" && !begun_to_ship(&order);
  // A modified order is back in one of these when what was added is paid.
  out.amends = state == "PaymentSettled" || state == "PartiallyShipped";
  out.pending =
      state == "PaymentAuthorized" || state == "ArrangingAdditionalPayment" || state == "Modifying";
  return out;
}

class Orders : public GraphQl {
 public:
  using GraphQl::GraphQl;

 protected:
  Seen read(const json::value& data) const {
    Seen out;
    for (const auto& order : list(member(&data, "orders"), "items")) {
      out.orders.push_back(seen(config_, order));
    }
    return out;
  }
};

// The cursor is "<ms of the newest orderPlacedAt read>" or, between pages,
// "<that>@<after>+<skip>". The next page begins at the last order of this one and not so many
// orders further: an order that is shipped or cancelled meanwhile leaves the list, and all behind
// it would move up by one place unread. `skip` only steps over orders of one millisecond.
class Since final : public Orders {
 public:
  Since(const Config& config, Session& session, const PollSince& poll, base::Instant now)
      : Orders(config, session), newest_ms_(now.wall_ms - kFirstLookMs) {
    const char* end = poll.cursor.data() + poll.cursor.size();
    auto read = std::from_chars(poll.cursor.data(), end, newest_ms_);
    after_ms_ = newest_ms_ - kOverlapMs;
    if (read.ptr == end || *read.ptr != '@') return;  // also "<ms>+<skip>" of earlier versions
    read = std::from_chars(read.ptr + 1, end, after_ms_);
    if (read.ptr != end && *read.ptr == '+') std::from_chars(read.ptr + 1, end, skip_);
  }

 private:
  Ask first() override {
    const json::array states{"PaymentSettled", "PaymentAuthorized", "ArrangingAdditionalPayment",
                             "Modifying"};
    return ask("orders", {{"options",
                           {{"filter",
                             {{"orderPlacedAt", {{"after", base::to_rfc3339(after_ms_)}}},
                              {"state", {{"in", states}}}}},
                            {"sort", {{"orderPlacedAt", "ASC"}}},
                            {"skip", skip_},
                            {"take", kPage}}}});
  }

  Verdict on_data(const json::value& data) override {
    Seen out = read(data);
    const auto next = skip_ + static_cast<std::int64_t>(out.orders.size());
    out.more = !out.orders.empty() && next < number(member(&data, "orders"), "totalItems");
    if (out.more) {
      const auto last_ms = out.orders.back().changed_ms;
      const bool on = last_ms - 1 > after_ms_;
      out.next_cursor = std::to_string(newest_ms_) + "@" +
                        std::to_string(on ? last_ms - 1 : after_ms_) + "+" +
                        std::to_string(on ? 0 : next);
      return out;
    }
    auto newest = std::max(newest_ms_, after_ms_ + 1);
    for (const auto& order : out.orders) newest = std::max(newest, order.changed_ms);
    out.next_cursor = std::to_string(newest);
    return out;
  }

  std::int64_t newest_ms_, after_ms_ = 0;
  std::int64_t skip_ = 0;
};

class ByNumber final : public Orders {
 public:
  ByNumber(const Config& config, Session& session, PollOrders poll)
      : Orders(config, session), poll_(std::move(poll)) {}

 private:
  Ask first() override {
    json::array codes;
    for (const auto& number : poll_.numbers) codes.emplace_back(number);
    return ask("orders", {{"options",
                           {{"filter", {{"code", {{"in", std::move(codes)}}}}},
                            {"take", static_cast<std::int64_t>(poll_.numbers.size())}}}});
  }

  Verdict on_data(const json::value& data) override { return read(data); }

  PollOrders poll_;
};

}  // namespace

std::unique_ptr<Exchange> orders_since(const Config& config, Session& session,
                                       const PollSince& poll, base::Instant now) {
  return std::make_unique<Since>(config, session, poll, now);
}

std::unique_ptr<Exchange> orders_by_number(const Config& config, Session& session,
                                           const PollOrders& poll) {
  return std::make_unique<ByNumber>(config, session, poll);
}

}  // namespace dockline::server::channels::vendure
