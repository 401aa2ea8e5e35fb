// Bodies about routing into commands.
#include "server/api/fields.hpp"
#include "server/api/routing.hpp"

namespace dockline::server::api {

std::expected<RouteOrder, Problem> route_body(const std::string& order, std::string_view body) {
  auto out = read_body(body, RouteOrder{.order = order}, [](Fields& f, RouteOrder& r) {
    r.site = f.maybe_text("site", 1, 32).value_or("");
    f.list("lines", 0, limits::kOrderLinesMax, [&](Fields& l) {
      const auto line = l.integer("line", 1, static_cast<std::int64_t>(limits::kOrderLinesMax));
      r.lines.emplace_back(line, l.text("site", 1, 32));
      l.only({"line", "site"});
    });
    r.why = f.text("why", 1);
    r.by = f.text("by", 1, kCodeBytesMax);
    r.force = f.maybe_yes("force").value_or(false);
    f.only({"site", "lines", "why", "by", "force"});
  });
  if (out && out->site.empty() == out->lines.empty()) {
    return std::unexpected(Problem{422, "refused", "site or lines is needed, and not both",
                                   "Send site for all of it, or lines with a site each"});
  }
  return out;
}

// The text of a file: it has line ends.
std::expected<WhatIfWish, Problem> what_if_body(std::string_view body) {
  return read_body(body, WhatIfWish{}, [](Fields& f, WhatIfWish& out) {
    out.rules = f.lines("rules");
    out.since_hours = f.maybe_integer("since_hours", 1, 1'000'000).value_or(out.since_hours);
    out.moved = f.maybe_integer("moved", 0, 1'000).value_or(out.moved);
    f.only({"rules", "since_hours", "moved"});
  });
}

}  // namespace dockline::server::api
