// Deliveries, transfers, counts, and moves between the places of a site.
#include "server/api/measured.hpp"
#include "server/api/receiving.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {

std::expected<store::ReceivingQuery, Problem> receiving_query(
    Context& c, const std::vector<std::string_view>& states) {
  const auto query =
      Query::parse(c.request.query, {"state", "site", "sku", "after", "skip", "limit"});
  if (!query) return std::unexpected(query.error());
  const auto state = query->choice("state", states);
  if (!state) return std::unexpected(state.error());
  const auto limit = limit_of(*query);
  if (!limit) return std::unexpected(limit.error());
  const auto skip = skip_of(*query);
  if (!skip) return std::unexpected(skip.error());
  return store::ReceivingQuery{.state = *state,
                               .site = query->text("site"),
                               .sku = query->text("sku"),
                               .after = query->text("after"),
                               .limit = *limit,
                               .skip = *skip};
}

namespace {

// Quantities may be in a unit of the item: its own reader gets the body in pieces.
template <class Body>
Outcome ask_measured(Context& c, Answer (*answer)(const Reply&), Body body_of,
                     std::string_view sku = {}) {
  const auto body = in_pieces(c.reader, c.request.body, sku);
  if (!body) return refuse(body.error());
  return ask(answer, body_of(*body));
}

Answer no_delivery(const std::string& id) {
  return missing("delivery", id, "GET /api/v1/deliveries lists them");
}
Answer no_transfer(const std::string& id) {
  return missing("transfer", id, "GET /api/v1/transfers lists them");
}

Outcome get_deliveries(Context& c) {
  const auto query = receiving_query(c, {"open", "closed"});
  if (!query) return refuse(query.error());
  return read(store::deliveries(c.reader, *query),
              [&](const auto& page) { return deliveries_json(page, c.now_ms); });
}
Outcome get_delivery(Context& c) {
  const auto row = store::delivery(c.reader, c.id);
  if (row && !*row) return no_delivery(c.id);
  return read(row, [&](const auto& found) { return delivery_json(*found, c.now_ms); });
}
Outcome post_delivery(Context& c) { return ask_measured(c, created_answer, announce_body); }
Outcome post_receive(Context& c) {
  const auto row = store::delivery(c.reader, c.id);
  if (row && !*row) return no_delivery(c.id);
  if (!row) return unread(row.error());
  return ask_measured(c, done_answer,
                      [&](std::string_view body) { return receive_body(c.id, body); });
}
Outcome post_close_delivery(Context& c) {
  const auto row = store::delivery(c.reader, c.id);
  if (row && !*row) return no_delivery(c.id);
  if (!row) return unread(row.error());
  return ask(done_answer, close_delivery_body(c.id, c.request.body));
}
Outcome post_receipt(Context& c) {
  return ask_measured(c, done_answer, [](std::string_view body) { return receive_body("", body); });
}

Outcome get_transfers(Context& c) {
  const auto query = receiving_query(c, {"open", "closed"});
  if (!query) return refuse(query.error());
  return read(store::transfers(c.reader, *query),
              [&](const auto& page) { return transfers_json(page, c.now_ms); });
}
Outcome get_transfer(Context& c) {
  const auto row = store::transfer(c.reader, c.id);
  if (row && !*row) return no_transfer(c.id);
  return read(row, [&](const auto& found) { return transfer_json(*found, c.now_ms); });
}
Outcome post_transfer(Context& c) { return ask_measured(c, created_answer, transfer_body); }

template <std::expected<StockCommand, Problem> (*Body)(const std::string&, std::string_view)>
Outcome post_leg(Context& c) {
  const auto row = store::transfer(c.reader, c.id);
  if (row && !*row) return no_transfer(c.id);
  if (!row) return unread(row.error());
  return ask_measured(
      c, done_answer, [&](std::string_view body) { return Body(c.id, body); },
      (*row)->transfer.sku);
}

Outcome get_counts(Context& c) {
  const auto query = receiving_query(c, {});
  if (!query) return refuse(query.error());
  return read(store::counts(c.reader, *query), counts_json);
}
Outcome get_tasks(Context& c) {
  const auto query = receiving_query(c, {"open", "counted", "dropped"});
  if (!query) return refuse(query.error());
  return read(store::count_tasks(c.reader, *query), count_tasks_json);
}
Outcome post_count(Context& c) { return ask_measured(c, done_answer, count_body); }
Outcome post_ask(Context& c) { return ask(created_answer, ask_count_body(c.request.body)); }
Outcome post_drop(Context& c) { return ask(done_answer, drop_count_body(c.id, c.request.body)); }
Outcome get_lots(Context& c) {
  return read(store::lots(c.reader, c.id),
              [&](const auto& rows) { return lots_json(rows, c.now_ms); });
}
Outcome post_move(Context& c) { return ask_measured(c, done_answer, move_body); }

}  // namespace

std::span<const Route> receiving_routes() {
  static constexpr Route kRoutes[] = {
      {"POST", "stock/move", post_move},
      {"GET", "stock/*/lots", get_lots},
      {"GET", "deliveries", get_deliveries},
      {"POST", "deliveries", post_delivery},
      {"GET", "deliveries/*", get_delivery},
      {"POST", "deliveries/*/receive", post_receive},
      {"POST", "deliveries/*/close", post_close_delivery},
      {"POST", "receipts", post_receipt},
      {"GET", "transfers", get_transfers},
      {"POST", "transfers", post_transfer},
      {"GET", "transfers/*", get_transfer},
      {"POST", "transfers/*/send", post_leg<send_body>},
      {"POST", "transfers/*/receive", post_leg<take_in_body>},
      {"POST", "transfers/*/close", post_leg<close_transfer_body>},
      {"GET", "counts", get_counts},
      {"POST", "counts", post_count},
      {"GET", "counts/tasks", get_tasks},
      {"POST", "counts/ask", post_ask},
      {"POST", "counts/tasks/*/drop", post_drop},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
