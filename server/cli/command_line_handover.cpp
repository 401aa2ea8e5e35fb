// The command line of closed boxes: handover list, record, take-back, delivered; orders return.
#include <CLI/CLI.hpp>

#include "server/cli/handover.hpp"
#include "server/cli/session.hpp"

namespace dockline::server::cli {

void add_handover(CLI::App& root, CLI::App& orders, Handovers& o, std::string& by,
                  const Choose& choose) {
  const auto add = [&](CLI::App& parent, const char* name, const char* help,
                       std::function<Exit(Session&)> run) {
    CLI::App* app = parent.add_subcommand(name, help);
    choose(app, std::move(run));
    return app;
  };
  const auto who = [&](CLI::App* app) {
    app->add_option("--by", by, "Who says so; default: your user name");
  };
  CLI::App& all = *root.add_subcommand("handover", "Parcels and their carriers: list, record");
  all.require_subcommand(1);
  CLI::App* list = add(all, "list", "What waits for a carrier, or has left",
                       [&o](Session& s) { return handover_list(s, o); });
  list->add_option("--state", o.state, "waiting (default) or gone")
      ->check(CLI::IsMember({"waiting", "gone"}));
  list->add_option("--site", o.site, "Only this site");
  list->add_option("--carrier", o.carrier, "Only this carrier");
  list->add_option("--manifest", o.manifest, "What went with this collection");
  list->add_option("--limit", o.list.limit, "Rows to show")->check(CLI::Range(1, 1'000'000));
  list->add_flag("--all", o.list.all, "Show every row");
  CLI::App* record = add(all, "record", "The driver took these parcels",
                         [&o, &by](Session& s) { return handover_record(s, o, by); });
  record->add_option("parcels", o.parcels, "Tracking numbers; - reads them, one a line");
  record->add_flag("--all", o.all, "All that waits at --site (for --carrier)");
  record->add_option("--site", o.site, "Site they stand at");
  record->add_option("--carrier", o.carrier, "Carrier whose driver came");
  record->add_option("--manifest", o.manifest, "Number of this collection");
  record->add_option("--at", o.at, "When they were taken, if not now: '2026-11-30 14:00'");
  who(record);
  CLI::App* back = add(all, "take-back", "It stands at its site after all, closed",
                       [&o, &by](Session& s) { return handover_take_back(s, o, by); });
  back->add_option("tracking", o.tracking, "Tracking number")->required();
  back->add_option("--reason", o.reason, "Why, kept for ever")->required();
  who(back);
  CLI::App* there = add(all, "delivered", "The carrier says that the buyer has it",
                        [&o, &by](Session& s) { return handover_delivered(s, o, by); });
  there->add_option("tracking", o.tracking, "Tracking number")->required();
  there->add_option("--at", o.at, "When, if not now");
  who(there);
  CLI::App* returned = add(orders, "return", "Goods of an order came back and were looked at",
                           [&o, &by](Session& s) { return orders_return(s, o, by); });
  returned->add_option("order", o.order, "Order id or number")->required();
  returned->add_option("--site", o.site, "Site they came back to")->required();
  returned->add_option("--line", o.lines, "LINE=PIECES")->allow_extra_args(false)->required();
  returned->add_option("--to", o.to, "Where they lie now: shelf (default), quarantine, damaged")
      ->check(CLI::IsMember({"shelf", "quarantine", "damaged"}));
  returned->add_option("--lot", o.lot, "Lot number");
  returned->add_option("--serial", o.serial, "Serial number, of one piece");
  returned->add_option("--expires", o.expires, "Date from which they are not sold");
  returned->add_option("--reason", o.reason, "Why they came back, kept for ever")->required();
  who(returned);
}

}  // namespace dockline::server::cli
