#include "server/cli/pages.hpp"

#include "server/cli/text.hpp"

namespace dockline::server::cli {

Answered fetch(Session& session, std::string target, const ListOptions& options) {
  constexpr std::int64_t kPage = 200;
  json::value whole;
  std::string after;
  std::int64_t left = options.all ? INT64_MAX : options.limit;
  while (true) {
    std::string page_target = target;
    add_query(page_target, "limit", std::to_string(std::min(left, kPage)));
    add_query(page_target, "after", after);
    auto page = session.get(page_target);
    if (!page) return page;
    const json::array rows = items(*page);
    left -= static_cast<std::int64_t>(rows.size());
    const json::value next = member(*page, "next");
    if (whole.is_null()) {
      whole = std::move(*page);
    } else if (whole.is_object()) {
      auto& all = whole.get_object()["items"].get_array();
      all.insert(all.end(), rows.begin(), rows.end());
      whole.get_object()["next"] = next;
    }
    if (left <= 0 || rows.empty() || !next.is_string()) return whole;
    after = std::string(next.get_string());
  }
}

void tell_rest(Session& session, const json::value& page) {
  const auto shown = static_cast<std::int64_t>(items(page).size());
  const std::int64_t total = number(page, "total");
  if (shown >= total) return;
  session.line(session.toned_text(
      "Showing " + grouped(shown) + " of " + grouped(total) + ". --all shows every one.",
      Tone::dim));
}

}  // namespace dockline::server::cli
