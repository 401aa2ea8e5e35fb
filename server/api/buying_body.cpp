#include "server/api/buying.hpp"
#include "server/api/fields.hpp"

namespace dockline::server::api {
namespace {

template <class Body, class Read>
std::expected<StockCommand, Problem> command(std::string_view body, Body start, Read read) {
  auto out = read_body(body, std::move(start), read);
  if (!out) return std::unexpected(std::move(out.error()));
  return StockCommand{std::move(*out)};
}

constexpr std::int64_t kDaysMax = 1'000;

}  // namespace

std::expected<StockCommand, Problem> supplier_body(std::string_view body) {
  return command(body, SetSupplier{}, [](Fields& f, SetSupplier& s) {
    s.supplier = f.text("supplier", 1, kCodeBytesMax);
    s.title = f.text("title", 1);
    s.email = f.maybe_text("email").value_or("");
    s.webhook = f.maybe_text("webhook").value_or("");
    s.lead_days = f.maybe_integer("lead_days", 0, kDaysMax).value_or(0);
    s.review_days = f.maybe_integer("review_days", 0, kDaysMax).value_or(7);
    s.by = f.text("by", 1, kCodeBytesMax);
    f.only({"supplier", "title", "email", "webhook", "lead_days", "review_days", "by"});
  });
}

std::expected<StockCommand, Problem> supply_body(std::string_view body) {
  return command(body, DefineSupply{}, [](Fields& f, DefineSupply& s) {
    s.sku = f.text("sku", 1, kCodeBytesMax);
    s.supplier = f.text("supplier", 1, kCodeBytesMax);
    s.rank = f.maybe_integer("rank", 0, 1'000).value_or(1);
    s.supplier_sku = f.maybe_text("supplier_sku").value_or("");
    s.pack = f.maybe_integer("pack", 1, limits::kLineQuantityMax).value_or(1);
    s.minimum = f.maybe_integer("minimum", 0, limits::kLineQuantityMax).value_or(0);
    s.price_minor = f.maybe_integer("price_minor", 0, 1'000'000'000);
    s.currency = f.maybe_text("currency", 3, 3).value_or("");
    s.safety_days = f.maybe_integer("safety_days", 0, kDaysMax).value_or(0);
    s.by = f.text("by", 1, kCodeBytesMax);
    f.only({"sku", "supplier", "rank", "supplier_sku", "pack", "minimum", "price_minor", "currency",
            "safety_days", "by"});
  });
}

std::expected<StockCommand, Problem> decide_purchase_body(const std::string& purchase,
                                                          std::string_view body) {
  DecidePurchase start;
  start.purchase = purchase;
  return command(body, start, [](Fields& f, DecidePurchase& d) {
    d.action = f.text("action", 1, kCodeBytesMax);
    d.expect_ms = f.maybe_integer("expect_ms", 0, kWallMsMax);
    d.why = f.maybe_text("why").value_or("");
    d.by = f.text("by", 1, kCodeBytesMax);
    f.only({"action", "expect_ms", "why", "by"});
  });
}

std::expected<StockCommand, Problem> look_body(std::string_view body) {
  return command(body, LookAtShelves{}, [](Fields& f, LookAtShelves& l) {
    l.by = f.text("by", 1, kCodeBytesMax);
    f.only({"by"});
  });
}

}  // namespace dockline::server::api
