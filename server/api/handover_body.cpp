// Bodies about closed boxes into commands.
#include "server/api/fields.hpp"
#include "server/api/handover.hpp"
#include "server/api/receiving.hpp"

namespace dockline::server::api {

std::expected<HandOver, Problem> hand_over_body(std::string_view body) {
  return read_body(body, HandOver{}, [](Fields& f, HandOver& out) {
    out.site = f.maybe_text("site", 1, kCodeBytesMax).value_or("");
    out.carrier = f.maybe_text("carrier", 1, kCodeBytesMax).value_or("");
    out.manifest = f.maybe_text("manifest", 1, kCodeBytesMax).value_or("");
    out.handed_ms = f.maybe_integer("handed_ms", 1, kWallMsMax);
    for (const auto& name : f.names()) {
      if (name == "parcels") out.trackings = f.texts("parcels", 1, limits::kHandedOverMax);
    }
    out.by = f.text("by", 1, kCodeBytesMax);
    f.only({"site", "carrier", "manifest", "handed_ms", "parcels", "by"});
  });
}

std::expected<TakeBackParcel, Problem> take_back_body(const std::string& tracking,
                                                      std::string_view body) {
  return read_body(body, TakeBackParcel{.tracking = tracking}, [](Fields& f, TakeBackParcel& out) {
    out.why = f.text("why", 1);
    out.by = f.text("by", 1, kCodeBytesMax);
    f.only({"why", "by"});
  });
}

std::expected<DeliverParcel, Problem> delivered_body(const std::string& tracking,
                                                     std::string_view body) {
  return read_body(body, DeliverParcel{.tracking = tracking}, [](Fields& f, DeliverParcel& out) {
    out.delivered_ms = f.maybe_integer("delivered_ms", 1, kWallMsMax);
    out.by = f.text("by", 1, kCodeBytesMax);
    f.only({"delivered_ms", "by"});
  });
}

std::expected<ReturnGoods, Problem> return_body(const std::string& order, std::string_view body) {
  return read_body(body, ReturnGoods{.order = order}, [](Fields& f, ReturnGoods& out) {
    out.site = f.text("site", 1, kCodeBytesMax);
    f.list("lines", 1, limits::kOrderLinesMax, [&](Fields& l) {
      auto& line = out.lines.emplace_back();
      line.line = l.integer("line", 1, static_cast<std::int64_t>(limits::kOrderLinesMax));
      line.quantity = l.integer("quantity", 1, limits::kLineQuantityMax);
      line.to = l.maybe_text("to", 1, kCodeBytesMax).value_or("shelf");
      line.lot = lot_of(l);
      l.only({"line", "quantity", "to", "lot"});
    });
    out.why = f.text("why", 1);
    out.by = f.text("by", 1, kCodeBytesMax);
    f.only({"site", "lines", "why", "by"});
  });
}

}  // namespace dockline::server::api
