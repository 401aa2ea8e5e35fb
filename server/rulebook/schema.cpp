#include "server/routing/strategy.hpp"
#include "server/rulebook/rulebook.hpp"

namespace dockline::server::rulebook {
namespace {

using config::Key;
using config::Table;
using config::Type;

Table routing_table() {
  return {.name = "routing",
          .help = "Which chain decides, and who comes first.",
          .keys = {
              {.name = "currency",
               .help = "Of every amount in this file (minor units: cents), as ISO 4217: EUR",
               .required = true},
              {.name = "chain",
               .type = Type::name,
               .help = "Name of the [[chain]] that decides where [routing.channels] names none",
               .required = true},
              {.name = "channels", .type = Type::map, .help = "channel = \"name of its chain\""},
              {.name = "scarce",
               .type = Type::list,
               .help = "Who gets the last pieces first: of class (VIP), promised, age, in the "
                       "order that counts; default all three, class first"},
              {.name = "promise_hours",
               .type = Type::numbers,
               .help = "channel = hours from order to door, where an order says nothing itself; "
                       "other = of all other channels",
               .min = 1,
               .max = 10'000},
              {.name = "dark_after_minutes",
               .type = Type::integer,
               .help = "A site whose stations are silent for so long loses the orders that no "
                       "station holds; 0: it keeps them",
               .fallback = "0",
               .unit = "min",
               .min = 0,
               .max = 100'000},
          }};
}

std::vector<std::string_view> strategy_names() {
  std::vector<std::string_view> out;
  for (const auto& one : routing::strategies()) out.push_back(one.name);
  return out;
}
std::string_view strategy_help() {
  static const std::string text = [] {
    std::string out = "How it chooses.";
    for (const auto& one : routing::strategies()) {
      out += " " + std::string(one.name) + ": " + std::string(one.help) + ".";
    }
    return out;
  }();
  return text;
}

Table chain_table() {
  return {.name = "chain",
          .help =
              "Rules by name, in the order in which they are asked (server/routing). What "
              "decides otherwise than before gets a higher version.",
          .repeated = true,
          .least = 1,
          .keys = {
              {.name = "name", .type = Type::name, .help = "Short name", .required = true},
              {.name = "version",
               .type = Type::integer,
               .help = "Stands in each record; raise it when you change the chain",
               .fallback = "1",
               .min = 1,
               .max = 1'000'000},
              {.name = "split",
               .help = "none: one site ships all; lines: each SKU whole from one site; pieces: any",
               .fallback = "none",
               .choices = {"none", "lines", "pieces"}},
              {.name = "strategy",
               .help = strategy_help(),
               .fallback = "cheapest",
               .choices = strategy_names()},
              {.name = "partial",
               .type = Type::boolean,
               .help = "Ship what exists when the rest is nowhere to be had",
               .fallback = "false"},
              {.name = "sites_max",
               .type = Type::integer,
               .help = "Sites of one order, where it may be split",
               .fallback = "2",
               .min = 1,
               .max = static_cast<std::int64_t>(routing::kSitesPerOrderMax)},
              {.name = "unknown_weight_g",
               .type = Type::integer,
               .help = "Assumed of a piece whose weight nobody knows",
               .fallback = "1000",
               .unit = "g",
               .min = 1,
               .max = 1'000'000},
              {.name = "rules",
               .type = Type::list,
               .help = "Names, with a version where it is not the first: [\"stock\", \"hours v2\"]",
               .required = true},
              {.name = "settings",
               .type = Type::groups,
               .help = "[chain.settings.RULE] with what differs from the rule's standard",
               .min = 0,
               .max = routing::kTermMax},
          }};
}

Table site_table() {
  return {
      .name = "site",
      .help =
          "What a site of server.toml is like. Places are \"DE\", \"DE-BY\", \"DE 89\" (postal "
          "codes that begin so) or other; the most exact one counts.",
      .repeated = true,
      .keys = {
          {.name = "name", .type = Type::name, .help = "Its name there", .required = true},
          {.name = "time_zone", .help = "IANA name: Europe/Berlin. Needed with hours"},
          {.name = "hours",
           .type = Type::map,
           .help = "mon-fri = \"08:00-16:30\": open from, and cut-off, when its carrier leaves; in "
                   "its own time"},
          {.name = "closed", .type = Type::list, .help = "Dates without hours: [\"2026-12-25\"]"},
          {.name = "zones", .type = Type::map, .help = "place = \"zone of the carriers' rates\""},
          {.name = "distance_km",
           .type = Type::numbers,
           .help = "place = kilometres",
           .unit = "km",
           .min = 0,
           .max = 50'000},
          {.name = "capacity_per_day",
           .type = Type::integer,
           .help = "Orders it packs in a day; not known when absent",
           .min = 0,
           .max = 1'000'000'000},
          {.name = "hazardous", .type = Type::boolean, .help = "It may handle hazardous goods"},
          {.name = "cold_chain", .type = Type::boolean, .help = "It keeps goods chilled"},
          {.name = "handling_parcel_minor",
           .type = Type::integer,
           .help = "What packing a parcel costs there",
           .min = 0,
           .max = routing::kTermMax},
          {.name = "handling_piece_minor",
           .type = Type::integer,
           .help = "What picking a piece costs there",
           .min = 0,
           .max = routing::kTermMax},
      }};
}

Table service_table() {
  return {.name = "service",
          .help = "One way a carrier takes parcels.",
          .repeated = true,
          .keys = {
              {.name = "carrier", .help = "Its name", .required = true},
              {.name = "name", .help = "Of the service", .required = true},
              {.name = "sites", .type = Type::list, .help = "That have it; all when absent"},
              {.name = "countries",
               .type = Type::list,
               .help = "Delivered to, as ISO 3166-1: [\"AT\", \"DE\"]; not known when absent"},
              {.name = "transit_hours",
               .type = Type::integer,
               .help = "From cut-off to door",
               .unit = "h",
               .min = 0,
               .max = 10'000},
              {.name = "hazardous", .type = Type::boolean, .help = "It takes hazardous goods"},
              {.name = "cold_chain", .type = Type::boolean, .help = "It keeps goods chilled"},
              {.name = "reliability_per_mille",
               .type = Type::integer,
               .help = "Parcels of 1000 that come as said; without it: of those of the last 28 "
                       "days whose delivery was recorded, once there are 20",
               .min = 0,
               .max = 1'000},
              {.name = "rates",
               .type = Type::groups,
               .help = "[service.rates.ZONE] with up to so many grams = minor units",
               .min = 0,
               .max = routing::kTermMax},
              {.name = "disruption",
               .type = Type::numbers,
               .help = "place = parcels of 1000 that do not get through now (strike, snow, flood), "
                       "as in DE-SN = 150; priced by the rule disruption, the most exact place "
                       "counts",
               .min = 0,
               .max = 1'000},
          }};
}

}  // namespace

const config::Schema& schema() {
  static const config::Schema kSchema = {routing_table(), chain_table(), site_table(),
                                         service_table()};
  return kSchema;
}

}  // namespace dockline::server::rulebook
