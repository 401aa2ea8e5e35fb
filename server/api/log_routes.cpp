// The event log: events, decisions, head, archive, replay.
#include "server/api/log.hpp"
#include "server/api/route.hpp"
#include "server/store/reader_routing.hpp"

namespace dockline::server::api {
namespace {

Outcome get_events(Context& c) {
  const auto query = Query::parse(c.request.query, {"after", "limit", "type", "subject"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto after = query->integer("after", 0, 0, INT64_MAX);
  if (!after) return refuse(after.error());
  return read(c.reader.events(*after, *limit, query->text("type"), query->text("subject")),
              events_json);
}

Outcome get_decisions(Context& c) {
  const auto query =
      Query::parse(c.request.query, {"subject", "outcome", "site", "after", "skip", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto skip = skip_of(*query);
  if (!skip) return refuse(skip.error());
  const auto outcome = query->choice("outcome", {"allocated", "partly_allocated", "backordered"});
  if (!outcome) return refuse(outcome.error());
  const std::string site = query->text("site");
  if (!site.empty() && *skip > 0) {
    return refuse({400, "bad_query", "skip and site do not go together",
                   "Follow next from page to page, or leave site out"});
  }
  return read(store::decisions_where(c.reader, {.subject = query->text("subject"),
                                                .outcome = *outcome,
                                                .site = site,
                                                .after = query->text("after"),
                                                .limit = *limit,
                                                .skip = *skip}),
              [&](const auto& page) { return decisions_json(page, site.empty()); });
}

Outcome get_head(Context& c) {
  return read(c.reader.log_head(), [&](const auto& head) { return head_json(head, c.now_ms); });
}

Outcome get_archive(Context& c) { return read(c.reader.segments(), segments_json); }

Outcome post_verify(Context&) { return AskVerify{}; }

}  // namespace

std::span<const Route> log_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "events", get_events},          {"GET", "decisions", get_decisions},
      {"GET", "log/head", get_head},          {"GET", "archive", get_archive},
      {"POST", "replay/verify", post_verify},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
