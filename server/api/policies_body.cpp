// Bodies about what is kept back into commands.
#include "server/api/fields.hpp"
#include "server/api/policies.hpp"

namespace dockline::server::api {
namespace {

// As server/stock/bounds.hpp: pieces of one SKU anywhere.
constexpr std::int64_t kPiecesMax = 1'000'000'000'000;

}  // namespace

std::expected<SetStockPolicy, Problem> policy_body(std::string_view body) {
  return read_body(body, SetStockPolicy{}, [](Fields& f, SetStockPolicy& p) {
    p.site = f.maybe_text("site", 1, 32);
    p.channel = f.maybe_text("channel", 1, 32);
    p.sku = f.maybe_text("sku", 1, kCodeBytesMax);
    p.safety = f.maybe_integer("safety", 0, kPiecesMax);
    p.quota = f.maybe_integer("quota", 0, kPiecesMax);
    p.share_pm = f.maybe_integer("share_pm", 0, 1'000);
    p.buffer = f.maybe_integer("buffer", 0, kPiecesMax);
    p.cap = f.maybe_integer("cap", 0, kPiecesMax);
    p.why = f.text("why", 1);
    p.by = f.maybe_text("by").value_or("");
    f.only({"site", "channel", "sku", "safety", "quota", "share_pm", "buffer", "cap", "why", "by"});
  });
}

std::expected<DefineKit, Problem> kit_body(std::string_view body) {
  return read_body(body, DefineKit{}, [](Fields& f, DefineKit& kit) {
    kit.sku = f.text("sku", 1, kCodeBytesMax);
    f.list("parts", 0, 200, [&](Fields& part) {
      auto sku = part.text("sku", 1, kCodeBytesMax);
      kit.parts.emplace_back(std::move(sku), part.integer("pieces", 1, limits::kLineQuantityMax));
      part.only({"sku", "pieces"});
    });
    kit.by = f.maybe_text("by").value_or("");
    f.only({"sku", "parts", "by"});
  });
}

}  // namespace dockline::server::api
