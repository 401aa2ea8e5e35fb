#include <boost/json.hpp>

#include "server/whatif/whatif.hpp"

namespace dockline::server::whatif {
namespace {

namespace json = boost::json;

json::object side(const Side& s) {
  return {{"allocated", s.allocated},     {"partly_allocated", s.partly},
          {"backordered", s.backordered}, {"splits", s.splits},
          {"parcels", s.parcels},         {"cost_minor", s.cost_minor},
          {"cash_minor", s.cash_minor},   {"late", s.late},
          {"late_hours", s.late_hours},   {"margin_minor", s.margin_minor}};
}

}  // namespace

std::string to_json(const Report& r) {
  json::array moved;
  for (const auto& m : r.moved) {
    moved.push_back(json::object{{"order", m.order},
                                 {"decision", m.decision},
                                 {"from", m.from},
                                 {"to", m.to},
                                 {"from_minor", m.from_minor},
                                 {"to_minor", m.to_minor},
                                 {"why", m.why}});
  }
  json::array described;
  for (const auto& site : r.described) described.emplace_back(site);
  return json::serialize(json::object{{"since_ms", r.since_ms},
                                      {"decisions", r.decisions},
                                      {"orders", r.orders},
                                      {"of_facts", r.of_facts},
                                      {"rebuilt", r.rebuilt},
                                      {"assumed", r.assumed},
                                      {"unread", r.unread},
                                      {"forbidden", r.forbidden},
                                      {"margins", r.margins},
                                      {"currency", r.currency},
                                      {"described", std::move(described)},
                                      {"was", side(r.was)},
                                      {"would", side(r.would)},
                                      {"moved_total", r.moved_total},
                                      {"moved", std::move(moved)}});
}

}  // namespace dockline::server::whatif
