// Values that many topics show, as JSON. Private to server/api; includes Boost.JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "server/api/query.hpp"
#include "server/store/reader_handover.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

namespace json = boost::json;

// A time or a figure that never was is null.
[[nodiscard]] json::value moment(std::int64_t ms);
[[nodiscard]] json::value moment(const std::optional<std::int64_t>& ms);
// Stored JSON, checked when it was stored. What cannot be read is shown as null, never invented.
[[nodiscard]] json::value stored(const std::string& text);
[[nodiscard]] json::value data_of(const std::string& event);   // the member "data" of it
[[nodiscard]] json::value cause_of(const std::string& event);  // id of what set it off, or null
[[nodiscard]] json::array texts(const std::vector<std::string>& values);

template <class Rows, class Make>
json::array list(const Rows& rows, Make make) {
  json::array out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(make(row));
  return out;
}
template <class Row, class Make>
json::object page_of(const store::Page<Row>& page, Make make) {
  return {{"items", list(page.items, make)},
          {"next", page.next.empty() ? json::value(nullptr) : json::value(cursor(page.next))},
          {"total", page.total}};
}

// A list that is always given as a whole.
[[nodiscard]] json::object whole(json::array items);

[[nodiscard]] json::object decision_row(const store::DecisionRow& decision);
[[nodiscard]] json::object parcel_row(const store::HandoverRow& row);  // handover_json.cpp

}  // namespace dockline::server::api
