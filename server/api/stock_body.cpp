// Bodies about stock and items into commands.
#include "server/api/fields.hpp"
#include "server/api/stock.hpp"

namespace dockline::server::api {

std::expected<AdjustStock, Problem> adjust_body(std::string_view body) {
  auto out = read_body(body, AdjustStock{}, [](Fields& f, AdjustStock& a) {
    a.sku = f.text("sku", 1, kCodeBytesMax);
    a.site = f.text("site", 1, 32);
    a.quantity = f.integer("quantity", -limits::kLineQuantityMax, limits::kLineQuantityMax);
    a.reason = f.text("reason", 1);
    f.only({"sku", "site", "quantity", "reason"});
  });
  if (out && out->quantity == 0) {
    return std::unexpected(
        Problem{422, "refused", "quantity is 0",
                "Send pieces found as a positive, pieces lost as a negative number"});
  }
  return out;
}

std::expected<RegisterItem, Problem> item_body(std::string_view body) {
  return read_body(body, RegisterItem{}, [](Fields& f, RegisterItem& out) {
    out.item.sku = f.text("sku", 1, kCodeBytesMax);
    out.item.title = f.text("title", 1);
    out.item.detail = f.maybe_text("detail");
    out.item.weight_g = f.maybe_integer("weight_g", 0, 100'000'000);
    out.item.hazardous = f.maybe_yes("hazardous");
    out.item.cold_chain = f.maybe_yes("cold_chain");
    out.item.tracked = f.maybe_text("tracked");
    out.item.cost_minor = f.maybe_integer("cost_minor", 0, kMoneyMax);
    f.list("barcodes", 0, 100, [&](Fields& b) {
      auto& barcode = out.item.barcodes.emplace_back();
      barcode.code = b.text("code", 1, kCodeBytesMax);
      barcode.pieces = b.maybe_integer("pieces", 1, limits::kLineQuantityMax).value_or(1);
      barcode.unit = b.maybe_text("unit");
      b.only({"code", "pieces", "unit"});
    });
    f.object("bins", false, [&](Fields& b) {
      for (const auto& site : b.names())
        out.bins.emplace_back(site, b.text(site, 1, kCodeBytesMax));
    });
    f.only({"sku", "title", "detail", "weight_g", "hazardous", "cold_chain", "tracked",
            "cost_minor", "barcodes", "bins"});
  });
}

}  // namespace dockline::server::api
