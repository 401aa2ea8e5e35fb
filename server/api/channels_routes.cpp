// Channels, what waits to be told to them, and their webhooks.
#include "server/api/channels.hpp"
#include "server/api/conflicts.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {
namespace {

// The sender of a webhook hears what its channel said; a refusal in the common error shape.
Answer hook_answer(const Reply& reply) {
  const auto hook = reply.hook.value_or(publish::HookReply{});
  if (hook.status < 300) {
    return ok(hook_json(hook.orders_new, hook.orders_known), hook.status);
  }
  if (const auto* grows = conflict_of("POST", "hooks/*"); hook.status == 409) {
    return refuse({409, std::string(grows->code), hook.detail, std::string(grows->remedy)});
  }
  const char* code = hook.status == 401   ? "bad_signature"
                     : hook.status == 404 ? "not_found"
                                          : "refused";
  return refuse({hook.status, code, hook.detail, "Compare the channel's settings on both sides"});
}

Outcome get_outbox(Context& c) {
  const auto query = Query::parse(c.request.query, {"after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto rows = c.reader.channels();
  if (!rows) return refuse(to_problem(rows.error()));
  return read(c.reader.outbox(query->text("after"), *limit),
              [&](const auto& page) { return outbox_json(page, *rows, c.facts); });
}

Outcome post_decide(Context& c) {
  const std::int64_t row = row_number(c.id);
  if (row == 0) {
    return missing("outbox row", c.id, "GET /api/v1/outbox lists them");
  }
  return ask(done_answer, decide_body(row, c.request.body));
}

Outcome get_channels(Context& c) {
  return read(c.reader.channels(), [&](const auto& rows) { return channels_json(rows, c.facts); });
}

// The channel checks the signature and reads the orders, in the core lane.
Outcome post_hook(Context& c) {
  return Ask{
      hook_answer,
      Command{HookIn{
          c.id, {.headers = std::move(c.request.headers), .body = std::move(c.request.body)}}}};
}

}  // namespace

std::span<const Route> channels_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "outbox", get_outbox},
      {"POST", "outbox/*/decide", post_decide},
      {"GET", "channels", get_channels},
      {"POST", "hooks/*", post_hook, true},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
