// What others read of us in their own words, as files.
#include <limits>

#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"

namespace dockline::server::cli {
namespace {

// All pages of `target` as one document: the lists that `list_of` finds in each, one behind the
// other in the first.
Exit print_whole(Session& session, std::string target, std::int64_t most,
                 json::array* (*list_of)(json::value& page)) {
  json::value whole;
  json::array* all = nullptr;
  while (!target.empty()) {
    auto page = session.get(target);
    if (!page) return page.error();
    json::array* rows = list_of(*page);
    if (rows == nullptr) {
      return session.fail(Exit::server_error, "the answer is not what was asked for",
                          "Is this address really a Dockline server?");
    }
    if (all == nullptr) {
      whole = std::move(*page);
      all = list_of(whole);
    } else {
      all->insert(all->end(), rows->begin(), rows->end());
    }
    if (static_cast<std::int64_t>(all->size()) >= most) break;
    target = session.next();
  }
  while (static_cast<std::int64_t>(all->size()) > most) all->pop_back();
  return session.print(whole);
}

json::array* member_list(json::value* value, std::string_view key) {
  if (value == nullptr || !value->is_object()) return nullptr;
  json::value* found = value->get_object().if_contains(key);
  return found == nullptr || !found->is_array() ? nullptr : &found->get_array();
}

}  // namespace

Exit export_epcis(Session& session, const ExportOptions& options) {
  return print_whole(session, "/epcis?limit=200&after=" + std::to_string(options.after),
                     options.limit, [](json::value& page) -> json::array* {
                       if (!page.is_object()) return nullptr;
                       return member_list(page.get_object().if_contains("epcisBody"), "eventList");
                     });
}

Exit export_offers(Session& session, const ExportOptions& options) {
  std::string target = "/offers?limit=200";
  add_query(target, "channel", options.channel);
  return print_whole(session, target, options.limit,
                     [](json::value& page) { return member_list(&page, "dataFeedElement"); });
}

}  // namespace dockline::server::cli
