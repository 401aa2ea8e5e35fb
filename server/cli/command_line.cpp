#include "server/cli/command_line.hpp"

#include <optional>

#include <CLI/CLI.hpp>

#include "server/cli/buying.hpp"
#include "server/cli/commands.hpp"
#include "server/cli/handover.hpp"
#include "server/cli/receiving.hpp"
#include "server/cli/routing.hpp"
#include "server/cli/session.hpp"
#include "server/cli/sites.hpp"

namespace dockline::server::cli {
namespace {

// Everything a command line can say; one command is chosen by its callback.
struct Parsed {
  Flags flags;
  bool as_json = false;
  ListOptions list;
  ExportOptions exports;
  CreateOrder create;
  ImportOptions import;
  EventOptions events;
  Adjust adjust;
  PolicyOptions policy;
  KitOptions kit;
  LifeOptions life;
  AuditOptions audit;
  RestoreOptions restore;
  RouteOptions route;
  WhatIfOptions what_if;
  Receiving receiving;
  Handovers handovers;
  Buying buying;
  SiteOptions site;
  RehearseOptions rehearse;
  std::int64_t position = 0;
  std::string id, reason, action, by, shell;
  std::vector<std::string> lines;
  bool verify = false;
  std::function<Exit(Session&)> command;
  std::function<Exit(Io&)> on_files;  // instead: needs no server
};

using Command = std::function<Exit(Session&)>;
CLI::App* add(CLI::App& parent, Parsed& parsed, const char* name, const char* help,
              Command command) {
  CLI::App* app = parent.add_subcommand(name, help);
  app->callback([&parsed, command = std::move(command)] { parsed.command = command; });
  return app;
}

void add_paging(CLI::App* app, Parsed& p) {
  app->add_option("--limit", p.list.limit, "Rows to show")->check(CLI::Range(1, 1'000'000));
  app->add_flag("--all", p.list.all, "Show every row");
}

void add_import(CLI::App& parent, Parsed& p, const char* kind) {
  CLI::App* app =
      add(parent, p, "import", "Take a CSV file in; twice changes nothing", [&p, kind](Session& s) {
        p.import.kind = kind;
        return import_file(s, p.import);
      });
  app->add_option("file", p.import.file, "CSV file, UTF-8")->required();
  app->add_option("--channel", p.import.channel, "Sales channel the orders belong to");
  app->add_option("--site", p.import.site, "Site of lines that name none");
}

void add_why(CLI::App* app, Parsed& p, const char* why) {
  app->add_option("order", p.life.id, "Order id or number")->required();
  app->add_option("--reason", p.life.why, why)->required();
  app->add_option("--by", p.life.by, "Who decides; default: your user name");
}

void add_order_life(CLI::App& orders, Parsed& p) {
  CLI::App* hold = add(orders, p, "hold", "Let an order stand still until it is released",
                       [&p](Session& s) { return orders_hold(s, p.life); });
  add_why(hold, p, "Why, kept for ever");
  hold->add_option("--kind", p.life.reason, "person (default), buyer_asked, payment, value");
  CLI::App* unhold = add(orders, p, "unhold", "Release an order that stands still",
                         [&p](Session& s) { return orders_unhold(s, p.life); });
  add_why(unhold, p, "Why, kept for ever");
  unhold->add_option("--kind", p.life.reason, "Only this: doubt, payment, stock, person ...");
  CLI::App* amend = add(orders, p, "amend", "Change an order until it is shipped",
                        [&p](Session& s) { return orders_amend(s, p.life); });
  add_why(amend, p, "Why, kept for ever");
  amend->add_option("--line", p.life.lines, "LINE=PIECES wanted from now on")
      ->allow_extra_args(false);
  amend->add_option("--add", p.life.add, "SKU=PIECES of a new line")->allow_extra_args(false);
  amend->add_option("--name", p.life.name, "Ship to: name; the address is replaced as a whole");
  amend->add_option("--street", p.life.street, "Ship to: street and house number");
  amend->add_option("--postal-code", p.life.postal_code, "Ship to: postal code");
  amend->add_option("--city", p.life.city, "Ship to: city");
  amend->add_option("--country", p.life.country, "Ship to: country code, such as DE");
  amend->add_option("--promised-ms", p.life.promised_ms, "Promised at the door, ms since 1970");
  amend->add_option("--vip", p.life.vip, "true: it goes first; false: like others");
  CLI::App* split = add(orders, p, "split", "Send pieces in a parcel of their own",
                        [&p](Session& s) { return orders_split(s, p.life); });
  add_why(split, p, "Why, kept for ever");
  split->add_option("--line", p.life.lines, "LINE=PIECES")->allow_extra_args(false)->required();
  CLI::App* merge = add(orders, p, "merge", "Send orders of one buyer in one parcel",
                        [&p](Session& s) { return orders_merge(s, p.life); });
  add_why(merge, p, "Why, kept for ever");
  merge->add_option("others", p.life.others, "Orders that go with it: ids or numbers")->required();
  add(orders, p, "mergeable", "Orders that could go in one parcel",
      [](Session& s) { return orders_mergeable(s); });
}

void add_orders(CLI::App& root, Parsed& p) {
  CLI::App& orders = *root.add_subcommand(
      "orders", "Orders: list, show, create, cancel, hold, amend, split, merge, return, import");
  orders.require_subcommand(1);
  CLI::App* list = add(orders, p, "list", "List orders, newest change first",
                       [&p](Session& s) { return orders_list(s, p.list); });
  list->add_option("--state", p.list.state,
                   "open, backordered, allocated, released, packed, cancelled ...");
  list->add_option("--channel", p.list.channel, "Only this sales channel");
  list->add_option(
      "--find", p.list.text,
      "Part of number, customer or tracking, a SKU, or a lot or serial that was packed");
  add_paging(list, p);
  add(orders, p, "show", "One order with lines, timeline and decisions",
      [&p](Session& s) { return orders_show(s, p.id); })
      ->add_option("order", p.id, "Order id or number")
      ->required();
  CLI::App* create = add(orders, p, "create", "Take one order in, from JSON or from options",
                         [&p](Session& s) { return orders_create(s, p.create); });
  create->add_option("file", p.create.file, "JSON file as for POST /orders; - is standard input");
  create->add_option("--number", p.create.number, "Order number");
  create->add_option("--channel", p.create.channel, "Sales channel; default api");
  create->add_option("--line", p.create.lines, "SKU=PIECES, once for each line")
      ->allow_extra_args(false);
  create->add_option("--name", p.create.name, "Ship to: name");
  create->add_option("--street", p.create.street, "Ship to: street and house number");
  create->add_option("--postal-code", p.create.postal_code, "Ship to: postal code");
  create->add_option("--city", p.create.city, "Ship to: city");
  create->add_option("--country", p.create.country, "Ship to: country code, such as DE");
  CLI::App* cancel = add(orders, p, "cancel", "Cancel an order or pieces of it",
                         [&p](Session& s) { return orders_cancel(s, p.id, p.reason, p.lines); });
  cancel->add_option("order", p.id, "Order id or number")->required();
  cancel->add_option("--reason", p.reason, "Why, kept for ever")->required();
  cancel->add_option("--line", p.lines, "LINE=PIECES; default everything")->allow_extra_args(false);
  CLI::App* back = add(orders, p, "take-back",
                       "Take an order back from a silent bench; its later work is fenced",
                       [&p](Session& s) { return orders_take_back(s, p.id, p.reason, p.by); });
  back->add_option("order", p.id, "Order id or number")->required();
  back->add_option("--reason", p.reason, "Why, kept for ever")->required();
  back->add_option("--by", p.by, "Who decides; default: your user name");
  add_order_life(orders, p);
  add_import(orders, p, "orders");
  CLI::App* route =
      add(orders, p, "route", "Say which site ships what no station holds; a rule may forbid it",
          [&p](Session& s) {
            p.route.by = p.by;
            return orders_route(s, p.route);
          });
  route->add_option("order", p.route.order, "Order id or number")->required();
  route->add_option("--site", p.route.site, "The site that ships all of it");
  route->add_option("--line", p.route.lines, "LINE=SITE, once for each line")
      ->allow_extra_args(false);
  route->add_option("--why", p.route.why, "Why, kept for ever")->required();
  route->add_option("--by", p.by, "Who decides; default: your user name");
  route->add_flag("--force", p.route.force, "Also past rules that can be set aside");
}

void add_decisions(CLI::App& root, Parsed& p) {
  CLI::App& decisions = *root.add_subcommand("decisions", "Who ships what, and why");
  decisions.require_subcommand(1);
  CLI::App* list = add(decisions, p, "list", "List decisions, newest first",
                       [&p](Session& s) { return decisions_list(s, p.list); });
  list->add_option("--order", p.list.subject, "Only of this order (its id)");
  add_paging(list, p);
  add(decisions, p, "show", "One decision in full: candidates, costs, rules, facts",
      [&p](Session& s) { return decisions_show(s, p.id); })
      ->add_option("id", p.id, "Decision id")
      ->required();
}

void add_policies(CLI::App& stock, Parsed& p) {
  CLI::App& policy = *stock.add_subcommand("policy", "What is kept back: list, set");
  policy.require_subcommand(1);
  CLI::App* list = add(policy, p, "list", "What sites keep back and channels are shown less",
                       [&p](Session& s) { return stock_policy_list(s, p.policy, p.list); });
  CLI::App* set = add(policy, p, "set", "Set a whole row: what is not given is not set in it",
                      [&p](Session& s) { return stock_policy_set(s, p.policy); });
  for (CLI::App* app : {list, set}) {
    app->add_option("--site", p.policy.site, "Of this site: safety, quota");
    app->add_option("--channel", p.policy.channel, "Of this channel: share, buffer, cap");
    app->add_option("--sku", p.policy.sku, "Of this SKU alone");
  }
  add_paging(list, p);
  constexpr std::int64_t kMost = 1'000'000'000'000;
  const auto pieces = [&](const char* option, std::int64_t& value, const char* help,
                          std::int64_t most) {
    set->add_option(option, value, help)->check(CLI::Range(std::int64_t{0}, most));
  };
  pieces("--safety", p.policy.safety, "Site: pieces never promised", kMost);
  pieces("--quota", p.policy.quota, "Site: pieces its stations may use unasked", kMost);
  pieces("--share", p.policy.share_pm, "Channel: of each location, per mille", 1'000);
  pieces("--buffer", p.policy.buffer, "Channel: pieces off each location", kMost);
  pieces("--cap", p.policy.cap, "Channel: shown at most at each location", kMost);
  set->add_option("--why", p.policy.why, "Why, kept for ever")->required();
  set->add_option("--by", p.policy.by, "Who decides; default: your user name");
}

void add_kits(CLI::App& root, Parsed& p) {
  CLI::App& kits = *root.add_subcommand("kits", "Kits and what they are made of: list, set");
  kits.require_subcommand(1);
  add_paging(add(kits, p, "list", "Kits and their parts",
                 [&p](Session& s) { return kit_list(s, p.list); }),
             p);
  CLI::App* set = add(kits, p, "set", "Say what a kit is made of; without parts it is none",
                      [&p](Session& s) { return kit_set(s, p.kit); });
  set->add_option("sku", p.kit.sku, "SKU of the kit")->required();
  set->add_option("--part", p.kit.parts, "SKU=PIECES in one kit, once for each part")
      ->allow_extra_args(false);
  set->add_option("--by", p.kit.by, "Who decides; default: your user name");
}

void add_stock(CLI::App& root, Parsed& p) {
  CLI::App& stock =
      *root.add_subcommand("stock", "Stock: list, show, explain, adjust, move, import");
  stock.require_subcommand(1);
  CLI::App* list = add(stock, p, "list", "Stock by item and site",
                       [&p](Session& s) { return stock_list(s, p.list); });
  list->add_option("--find", p.list.text, "Part of SKU, title or a barcode");
  add_paging(list, p);
  CLI::App* show = add(stock, p, "show", "One item: sites, channels, moves", [&p](Session& s) {
    return p.receiving.at.empty() ? stock_show(s, p.id) : stock_at(s, p.id, p.receiving.at);
  });
  show->add_option("sku", p.id, "SKU")->required();
  show->add_option("--at", p.receiving.at, "As it was then: 2026-11-30, '2026-11-30 14:00'");
  add(stock, p, "explain", "How the figures that channels are told come about, term by term",
      [&p](Session& s) { return stock_explain(s, p.id); })
      ->add_option("sku", p.id, "SKU")
      ->required();
  add_policies(stock, p);
  CLI::App* adjust = add(stock, p, "adjust", "Book pieces found or lost",
                         [&p](Session& s) { return stock_adjust(s, p.adjust); });
  adjust->add_option("sku", p.adjust.sku, "SKU")->required();
  adjust->add_option("site", p.adjust.site, "Site")->required();
  adjust->add_option("quantity", p.adjust.quantity, "Pieces: 3 found, -3 lost")->required();
  adjust->add_option("--reason", p.adjust.reason, "Why, kept for ever")->required();
  CLI::App* limits = add(stock, p, "backorders", "How many may be sold that are not there",
                         [&p](Session& s) { return stock_backorders(s, p.life); });
  limits->add_option("sku", p.life.id, "SKU to set a limit for; without it, all limits");
  limits->add_option("--most", p.life.most, "Backorders outstanding at most");
  limits->add_option("--released-ms", p.life.released_ms, "Shipped from then on, ms since 1970");
  limits->add_option("--preorders", p.life.preorder_most, "Preorders outstanding at most");
  limits->add_flag("--end", p.life.ended, "There is no limit any more");
  limits->add_option("--reason", p.life.why, "Why, kept for ever");
  limits->add_option("--by", p.life.by, "Who decides; default: your user name");
  add_import(stock, p, "stock");
  const Choose choose = [&p](CLI::App* app, std::function<Exit(Session&)> command) {
    app->callback([&p, command = std::move(command)] { p.command = command; });
  };
  add_receiving(root, stock, p.receiving, p.by, choose);
  add_buying(root, stock, p.buying, p.by, choose);
  add_handover(root, *root.get_subcommand("orders"), p.handovers, p.by, choose);
  add_sites(root, p.site, p.by, choose);
}

void add_fleet(CLI::App& root, Parsed& p) {
  CLI::App* all =
      add(root, p, "stations", "Stations: last heard, what waits on both sides", stations);
  all->callback([all, &p] {
    if (all->get_subcommands().empty()) p.command = stations;
  });
  all->require_subcommand(0, 1);
  CLI::App* off = add(*all, p, "write-off", "A station will not come back: give its orders out",
                      [&p](Session& s) { return stations_write_off(s, p.id, p.reason, p.by); });
  off->add_option("station", p.id, "SITE/STATION")->required();
  off->add_option("--reason", p.reason, "Why, kept for ever")->required();
  off->add_option("--by", p.by, "Who decides; default: your user name");
  add(root, p, "devices", "Scanners, printers and scales as stations report them", devices);
  CLI::App& exceptions = *root.add_subcommand("exceptions", "What waits for a person");
  exceptions.require_subcommand(1);
  CLI::App* list = add(exceptions, p, "list", "List exceptions, newest first", [&p](Session& s) {
    if (p.list.state.empty()) p.list.state = "open";
    if (p.list.state == "all") p.list.state.clear();
    return exceptions_list(s, p.list);
  });
  list->add_option("--state", p.list.state, "open (default), resolved or all")
      ->check(CLI::IsMember({"open", "resolved", "all"}));
  add_paging(list, p);
  add(exceptions, p, "show", "One exception with context and proposal",
      [&p](Session& s) { return exceptions_show(s, p.id); })
      ->add_option("id", p.id, "Exception id, or the end of it")
      ->required();
  CLI::App* resolve = add(exceptions, p, "resolve", "Decide one",
                          [&p](Session& s) { return exceptions_resolve(s, p.id, p.action, p.by); });
  resolve->add_option("id", p.id, "Exception id")->required();
  resolve->add_option("--action", p.action, "One of the actions `show` lists")->required();
  resolve->add_option("--by", p.by, "Who decides; default: your user name");
}

void add_edges(CLI::App& root, Parsed& p) {
  CLI::App& outbox = *root.add_subcommand("outbox", "What waits to be told to sales channels");
  outbox.require_subcommand(0, 1);
  add(outbox, p, "list", "List rows, the default",
      [&p](Session& s) { return outbox_list(s, p.list); });
  add_paging(&outbox, p);
  outbox.callback([&] {
    if (outbox.get_subcommands().empty()) {
      p.command = [&p](Session& s) { return outbox_list(s, p.list); };
    }
  });
  add(outbox, p, "retry", "Send a dead row again",
      [&p](Session& s) { return outbox_decide(s, p.id, true); })
      ->add_option("row", p.id, "Row number")
      ->required();
  add(outbox, p, "drop", "Give a dead row up",
      [&p](Session& s) { return outbox_decide(s, p.id, false); })
      ->add_option("row", p.id, "Row number")
      ->required();
  add(root, p, "channels", "Sales channels: circuit, last heard, what waits", channels);
  CLI::App* drift = add(root, p, "drift", "Listings that showed another figure than they were told",
                        [&p](Session& s) { return channel_drift(s, p.id, p.list); });
  drift->add_option("channel", p.id, "Name of the channel")->required();
  add_paging(drift, p);
  CLI::App* import = add(root, p, "import", "Take a CSV file in; twice changes nothing",
                         [&p](Session& s) { return import_file(s, p.import); });
  import->add_option("kind", p.import.kind, "What is in it")
      ->required()
      ->check(CLI::IsMember({"orders", "stock", "items", "barcodes", "suppliers", "supplies",
                             "deliveries", "counts", "sites"}));
  import->add_option("file", p.import.file, "CSV file, UTF-8")->required();
  import->add_option("--site", p.import.site, "Site of lines that name none");
  CLI::App& imports = *root.add_subcommand("imports", "Files taken in");
  imports.require_subcommand(1);
  add(imports, p, "list", "Files taken in, newest first", imports_list);
  CLI::App* rows = add(imports, p, "rows", "What became of each line of a file",
                       [&p](Session& s) { return import_rows(s, p.id, p.list); });
  rows->add_option("import", p.id, "Import id")->required();
  rows->add_option("--outcome", p.list.outcome,
                   "Only order, cancellation, adjustment or exception");
  add_paging(rows, p);
}

void add_log(CLI::App& root, Parsed& p) {
  CLI::App* log = add(root, p, "events", "The event log, newest last",
                      [&p](Session& s) { return events(s, p.events); });
  log->add_flag("--follow,-f", p.events.follow, "Go on as events come in");
  log->add_option("--after", p.events.after, "Only after this position");
  log->add_option("--limit", p.events.limit, "How many")->check(CLI::Range(1, 1'000'000));
  log->add_option("--type", p.events.type, "Only this type, such as dockline.pack.closed.v1");
  log->add_option("--subject", p.events.subject, "Only about this order, SKU or device");
  CLI::App* replay = add(root, p, "replay", "Rebuild all tables from the event log and compare",
                         [](Session& s) { return replay_verify(s); });
  replay->add_flag("--verify", p.verify, "Compare only; the one mode there is")->required();
  add(root, p, "health", "Is the server well, and what is in it", health);
  CLI::App* shell = add(root, p, "completion", "Print a completion script for your shell", {});
  shell->add_option("shell", p.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

void add_exports(CLI::App& root, Parsed& p) {
  CLI::App& exports = *root.add_subcommand(
      "export", "Whole tables as CSV, and documents for other programs as JSON-LD");
  exports.require_subcommand(1);
  for (const char* table : {"items", "barcodes", "stock", "bins", "places", "sites", "suppliers",
                            "supplies", "purchases"}) {
    add(exports, p, table, "The whole table as CSV, to standard output", [&p, table](Session& s) {
      p.buying.file = table;
      return export_table(s, p.buying);
    });
  }
  CLI::App* epcis = add(exports, p, "epcis", "What happened to things: an EPCIS 2.0 document",
                        [&p](Session& s) { return export_epcis(s, p.exports); });
  epcis->add_option("--after", p.exports.after, "Only facts behind this position of the log");
  epcis->add_option("--limit", p.exports.limit, "At most this many events; default all")
      ->check(CLI::PositiveNumber);
  CLI::App* offers = add(exports, p, "offers", "What a channel is told can be had: schema.org",
                         [&p](Session& s) { return export_offers(s, p.exports); });
  offers->add_option("--channel", p.exports.channel, "The channel")->required();
}

void add_keeping(CLI::App& root, Parsed& p) {
  CLI::App& backup =
      *root.add_subcommand("backup", "Make a backup now; `backup list` shows what there is");
  backup.require_subcommand(0, 1);
  add(backup, p, "list", "Backups made, newest first", backup_list);
  backup.callback([&] {
    if (backup.get_subcommands().empty()) p.command = backup_now;
  });
  CLI::App& parked = *root.add_subcommand("parked", "Facts of stations that cannot be digested");
  parked.require_subcommand(1);
  CLI::App* list = add(parked, p, "list", "List them, oldest first", [&p](Session& s) {
    if (p.list.state.empty()) p.list.state = "waiting";
    if (p.list.state == "all") p.list.state.clear();
    return parked_list(s, p.list);
  });
  list->add_option("--state", p.list.state, "waiting (default), applied or all")
      ->check(CLI::IsMember({"waiting", "applied", "all"}));
  list->add_option("--station", p.list.subject, "Only of this station: site/station");
  add_paging(list, p);
  add(parked, p, "show", "One of them, with its bytes",
      [&p](Session& s) { return parked_show(s, p.id); })
      ->add_option("id", p.id, "Number of the row")
      ->required();
  CLI::App* retry = add(parked, p, "retry", "Try one, or all, again; the stream is not touched",
                        [&p](Session& s) { return parked_retry(s, p.id, p.list.subject); });
  retry->add_option("id", p.id, "Number of the row; default all");
  retry->add_option("--station", p.list.subject, "All of this station: site/station");
}

CLI::App* add_local(CLI::App& parent, Parsed& p, const char* name, const char* help,
                    std::function<Exit(Io&)> command) {
  CLI::App* app = parent.add_subcommand(name, help);
  app->callback([&p, command = std::move(command)] { p.on_files = command; });
  return app;
}

void add_data(CLI::App* app, Parsed& p) {
  app->add_option("--data", p.audit.data, std::string("Data folder; default ") + kServerData);
  app->add_option("--server-db", p.audit.server_db, "The server's file, instead of --data");
}

void add_files(CLI::App& root, Parsed& p) {
  CLI::App* audit = add_local(
      root, p, "audit",
      "Check the books against the facts, on the files; exit 0 clean, 1 findings, 2 cannot",
      [&p](Io& io) { return audit_files(io, p.as_json, p.audit); });
  add_data(audit, p);
  audit
      ->add_option("--agent-db", p.audit.agent_dbs,
                   "A stopped station's file, once for each; compared with the server's")
      ->allow_extra_args(false);
  CLI::App& chain = *root.add_subcommand("chain", "The hash chain over the event log");
  chain.require_subcommand(1);
  add_data(add_local(chain, p, "head",
                     "Print position and hash of its end as JSON, to be kept elsewhere",
                     [&p](Io& io) { return chain_head(io, p.audit); }),
           p);
  CLI::App* verify =
      add_local(chain, p, "verify", "Is a head kept elsewhere still part of this log?",
                [&p](Io& io) { return chain_verify(io, p.as_json, p.audit, p.id); });
  verify->add_option("--head", p.id, "File that `chain head` made")->required();
  add_data(verify, p);
  CLI::App* restore =
      add_local(root, p, "restore", "Put a backup in the place of a stopped server's database",
                [&p](Io& io) { return restore_files(io, p.as_json, p.restore); });
  restore->add_option("file", p.restore.file, "The backup: server-....db")->required();
  restore->add_option("--data", p.restore.data, std::string("Data folder; default ") + kServerData);
  restore->add_flag("--force", p.restore.force, "Put an existing database aside (renamed)");
  CLI::App& archive = *root.add_subcommand("archive", "Older facts in their files");
  archive.require_subcommand(1);
  add_data(add_local(archive, p, "list", "The segments",
                     [&p](Io& io) { return archive_list(io, p.as_json, p.audit); }),
           p);
  add_data(add_local(archive, p, "verify", "Read every segment: sum, positions, hash chain",
                     [&p](Io& io) { return archive_verify(io, p.as_json, p.audit); }),
           p);
  CLI::App* show = add_local(archive, p, "show", "Print one archived fact, byte for byte",
                             [&p](Io& io) { return archive_show(io, p.audit, p.position); });
  show->add_option("position", p.position, "Position in the log")->required();
  add_data(show, p);
}

void add_routing(CLI::App& root, Parsed& p) {
  CLI::App& routing = *root.add_subcommand("routing", "Chains of rules, tried before they count");
  routing.require_subcommand(1);
  CLI::App* what_if =
      add_local(routing, p, "what-if",
                "Decide what was decided again under other rules; touches nothing", [&p](Io& io) {
                  p.what_if.files = p.audit;
                  return routing_what_if(io, p.as_json, p.what_if);
                });
  what_if->add_option("--rules", p.what_if.rules, "A routing file, as server.toml names one")
      ->required();
  what_if->add_option("--since", p.what_if.since, "How far back: 30d (default), 12h");
  what_if->add_option("--moved", p.what_if.moved, "Orders that would go elsewhere, listed")
      ->check(CLI::Range(0, 1'000'000));
  add_data(what_if, p);
  add_local(routing, p, "check", "Read a routing file and tell every problem in it",
            [&p](Io& io) { return routing_check(io, p.what_if.rules); })
      ->add_option("--rules", p.what_if.rules, "The file")
      ->required();
  add_local(routing, p, "reference", "Every key of a routing file, and every rule",
            [](Io& io) { return routing_reference(io); });
}

void add_rehearse(CLI::App& root, Parsed& p) {
  CLI::App* app = add_local(
      root, p, "rehearse",
      "The busiest hour again at several times its rate, on a shadow copy: where would it bend?",
      [&p](Io& io) { return rehearse_files(io, p.as_json, p.audit, p.rehearse); });
  add_data(app, p);
  app->add_option("--factor", p.rehearse.factor, "Times the recorded rate; default 10");
  app->add_option("--from", p.rehearse.from, "Another stretch: its begin, as 2026-11-27T14:00:00Z");
  app->add_option("--to", p.rehearse.to, "Its end; default: an hour later");
  app->add_option("--scratch", p.rehearse.scratch, "Folder for the copies; default: the system's");
  app->add_option("--config", p.rehearse.config,
                  std::string("server.toml, for the house's routing file and the priorities of its "
                              "sites; default, without --data: ") +
                      kServerConfig);
}

void describe(const CLI::App& app, const std::string& path, std::vector<CommandInfo>& out) {
  CommandInfo info{.path = path, .help = app.get_description()};
  for (const CLI::Option* option : app.get_options()) {
    for (const auto& name : option->get_lnames()) info.options.push_back("--" + name);
  }
  const auto subcommands = app.get_subcommands([](const CLI::App*) { return true; });
  for (const CLI::App* sub : subcommands) info.commands.push_back(sub->get_name());
  out.push_back(std::move(info));
  for (const CLI::App* sub : subcommands) {
    describe(*sub, path.empty() ? sub->get_name() : path + " " + sub->get_name(), out);
  }
}

std::unique_ptr<CLI::App> make_app(Parsed& p) {
  auto app = std::make_unique<CLI::App>(
      "Dockline's operator command line. It speaks to dockline-server over HTTP.", "dockline");
  app->set_version_flag("--version", "dockline " DOCKLINE_VERSION);
  app->footer(
      std::string("Server and token: flags, else DOCKLINE_URL and DOCKLINE_TOKEN_FILE, else "
                  "~/.config/dockline/cli.toml\n([server] url, token_file).\n") +
      kExitHelp);
  app->require_subcommand(1);
  app->fallthrough();
  app->add_option("--url", p.flags.url, "Address of the server");
  app->add_option("--token-file", p.flags.token_file, "File with the API token");
  app->add_option("--config", p.flags.config_file, "Settings file instead of the usual one");
  app->add_flag("--json", p.as_json, "For machines: one JSON document (events: one a line)");
  add_orders(*app, p);
  add_stock(*app, p);
  add_kits(*app, p);
  add_fleet(*app, p);
  add_edges(*app, p);
  add_decisions(*app, p);
  add_log(*app, p);
  add_keeping(*app, p);
  add_exports(*app, p);
  add_files(*app, p);
  add_routing(*app, p);
  add_rehearse(*app, p);
  return app;
}

}  // namespace

Exit run(std::vector<std::string> arguments, World& world) {
  Parsed parsed;
  const auto app = make_app(parsed);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {  // CLI11 throws what it has to say: the exceptions stop here
    app->parse(reversed);
  } catch (const CLI::ParseError& said) {
    const int code = app->exit(said, world.io.out, world.io.err);
    return code == 0 ? Exit::ok : Exit::usage;
  }
  if (!parsed.shell.empty()) {
    std::vector<CommandInfo> commands;
    describe(*app, "", commands);
    world.io.out << completion(parsed.shell, commands);
    return Exit::ok;
  }
  if (parsed.on_files) return parsed.on_files(world.io);
  const auto settings = find_settings(parsed.flags, world.environment, world.read_file);
  if (!settings) {
    world.io.err << settings.error() << (settings.error().ends_with('\n') ? "" : "\n");
    return Exit::usage;
  }
  if (parsed.by.empty()) parsed.by = world.environment("USER").value_or("operator");
  if (parsed.policy.by.empty()) parsed.policy.by = parsed.by;
  if (parsed.kit.by.empty()) parsed.kit.by = parsed.by;
  if (parsed.life.by.empty()) parsed.life.by = parsed.by;
  const auto client = world.make_client(*settings);
  Session session(world.io, *client, parsed.as_json);
  return parsed.command(session);
}

}  // namespace dockline::server::cli
