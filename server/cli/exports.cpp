// What others read of us in their own words, as files.
#include <limits>

#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"

namespace dockline::server::cli {
namespace {

json::array* member_list(json::value* value, std::string_view key) {
  if (value == nullptr || !value->is_object()) return nullptr;
  json::value* found = value->get_object().if_contains(key);
  return found == nullptr || !found->is_array() ? nullptr : &found->get_array();
}

// One element of the list a line, so that grep gives whole events: those of a lot, of an order.
Exit print_lines(Session& session, const json::value& whole, const json::array& rows,
                 std::string_view key) {
  const std::string frame = json::serialize(whole);
  const std::string list = "\"" + std::string(key) + "\":[";
  const auto at = frame.find(list + "]") + list.size();
  auto& out = session.io().out;
  out << frame.substr(0, at);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    out << (i == 0 ? "\n" : ",\n") << json::serialize(rows[i]);
  }
  out << "\n" << frame.substr(at) << "\n";
  return Exit::ok;
}

// All pages of `target` as one document: the lists `key` that `list_of` finds in each, one behind
// the other in the first.
Exit print_whole(Session& session, std::string target, std::int64_t most, std::string_view key,
                 json::array* (*list_of)(json::value& page, std::string_view key)) {
  json::value whole;
  json::array* all = nullptr;
  while (!target.empty()) {
    auto page = session.get(target);
    if (!page) return page.error();
    json::array* rows = list_of(*page, key);
    if (rows == nullptr) {
      return session.fail(Exit::server_error, "the answer is not what was asked for",
                          "Is this address really a Dockline server?");
    }
    if (all == nullptr) {
      whole = std::move(*page);
      all = list_of(whole, key);
    } else {
      all->insert(all->end(), rows->begin(), rows->end());
    }
    if (static_cast<std::int64_t>(all->size()) >= most) break;
    target = session.next();
  }
  while (static_cast<std::int64_t>(all->size()) > most) all->pop_back();
  json::array rows;
  rows.swap(*all);
  return print_lines(session, whole, rows, key);
}

}  // namespace

Exit export_epcis(Session& session, const ExportOptions& options) {
  return print_whole(session, "/epcis?limit=200&after=" + std::to_string(options.after),
                     options.limit, "eventList", [](json::value& page, std::string_view key) {
                       return page.is_object()
                                  ? member_list(page.get_object().if_contains("epcisBody"), key)
                                  : nullptr;
                     });
}

Exit export_offers(Session& session, const ExportOptions& options) {
  std::string target = "/offers?limit=200";
  add_query(target, "channel", options.channel);
  return print_whole(
      session, target, options.limit, "dataFeedElement",
      [](json::value& page, std::string_view key) { return member_list(&page, key); });
}

}  // namespace dockline::server::cli
