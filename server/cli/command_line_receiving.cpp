#include <CLI/CLI.hpp>

#include "server/cli/receiving.hpp"
#include "server/cli/session.hpp"

namespace dockline::server::cli {
namespace {

using Run = std::function<Exit(Session&)>;

struct Adder {
  Receiving& o;
  std::string& by;
  Choose choose;

  CLI::App* add(CLI::App& parent, const char* name, const char* help, Run run) const {
    CLI::App* app = parent.add_subcommand(name, help);
    choose(app, std::move(run));
    return app;
  }
  void paging(CLI::App* app) const {
    app->add_option("--site", o.list.channel, "Only this site");
    app->add_option("--sku", o.list.text, "Only this item");
    app->add_option("--limit", o.list.limit, "Rows to show")->check(CLI::Range(1, 1'000'000));
    app->add_flag("--all", o.list.all, "Show every row");
  }
  void who(CLI::App* app) const {
    app->add_option("--by", by, "Who says so; default: your user name");
  }
  void why(CLI::App* app) const {
    app->add_option("--reason", o.reason, "Why, kept for ever")->required();
  }
  void unit(CLI::App* app) const {
    app->add_option("--unit", o.unit, "Unit that a bar code of the item names, such as case");
  }
  void lot(CLI::App* app) const {
    app->add_option("--lot", o.lot, "Lot number");
    app->add_option("--serial", o.serial, "Serial number, of one piece");
    app->add_option("--expires", o.expires, "Date from which they are not sold");
  }

  void deliveries(CLI::App& root) const;
  void transfers(CLI::App& root) const;
  void counts(CLI::App& root) const;
};

void Adder::deliveries(CLI::App& root) const {
  CLI::App& all = *root.add_subcommand("deliveries", "Goods that are announced and received");
  all.require_subcommand(1);
  CLI::App* list = add(all, "list", "List deliveries, newest first",
                       [this_ = *this](Session& s) { return deliveries_list(s, this_.o); });
  list->add_option("--state", o.list.state, "open or closed")
      ->check(CLI::IsMember({"open", "closed"}));
  paging(list);
  add(all, "show", "One delivery: what was announced, what came, what to do",
      [this_ = *this](Session& s) { return deliveries_show(s, this_.o); })
      ->add_option("delivery", o.id, "Number of the delivery")
      ->required();
  CLI::App* announce = add(all, "announce", "Announce a delivery; twice changes nothing",
                           [this_ = *this](Session& s) { return deliveries_announce(s, this_.o); });
  announce->add_option("delivery", o.id, "The supplier's number of it")->required();
  announce->add_option("--supplier", o.supplier, "Supplier")->required();
  announce->add_option("--site", o.site, "Site it comes to")->required();
  announce->add_option("--line", o.lines, "SKU=PIECES, or 'SKU=3 case', once for each line")
      ->allow_extra_args(false)
      ->required();
  unit(announce);
  announce->add_option("--expected", o.expected, "Date, such as 2026-11-30");
  CLI::App* receive =
      add(all, "receive", "Book pieces that came; without --delivery nobody had announced them",
          [this_ = *this](Session& s) { return deliveries_receive(s, this_.o, this_.by); });
  receive->add_option("--delivery", o.id, "Number of the delivery");
  receive->add_option("--site", o.site, "Site; default: the delivery's");
  receive->add_option("--sku", o.sku, "SKU");
  receive->add_option("--code", o.code, "Bar code as scanned, instead of the SKU");
  receive->add_option("--quantity", o.quantity, "Pieces, or scans of the code")->required();
  receive->add_option("--damaged", o.damaged, "Of these");
  receive->add_option("--bin", o.bin, "Into this bin of the shelf; default: its home bin");
  unit(receive);
  lot(receive);
  who(receive);
  CLI::App* close = add(all, "close", "Nothing more will come of it", [this_ = *this](Session& s) {
    return deliveries_close(s, this_.o, this_.by);
  });
  close->add_option("delivery", o.id, "Number of the delivery")->required();
  why(close);
  who(close);
}

void Adder::transfers(CLI::App& root) const {
  CLI::App& all = *root.add_subcommand("transfers", "Goods between two sites");
  all.require_subcommand(1);
  CLI::App* list = add(all, "list", "List transfers, newest first",
                       [this_ = *this](Session& s) { return transfers_list(s, this_.o); });
  list->add_option("--state", o.list.state, "open or closed")
      ->check(CLI::IsMember({"open", "closed"}));
  paging(list);
  CLI::App* order =
      add(all, "order", "One site is to send pieces to another",
          [this_ = *this](Session& s) { return transfers_order(s, this_.o, this_.by); });
  order->add_option("sku", o.sku, "SKU")->required();
  order->add_option("from", o.from, "Sending site")->required();
  order->add_option("to", o.to, "Receiving site")->required();
  order->add_option("quantity", o.quantity, "Pieces, or units")->required();
  unit(order);
  order->add_option("--expected", o.expected, "Date, such as 2026-11-30");
  why(order);
  who(order);
  for (const char* leg : {"send", "receive"}) {
    CLI::App* app =
        add(all, leg,
            leg[0] == 's' ? "Pieces left the sending site" : "Pieces came to the receiving site",
            [this_ = *this, leg](Session& s) { return transfers_leg(s, this_.o, this_.by, leg); });
    app->add_option("transfer", o.id, "Number of the transfer")->required();
    app->add_option("quantity", o.quantity, "Pieces; received: fit for the shelf")->required();
    if (leg[0] == 'r') app->add_option("--damaged", o.damaged, "Damaged ones beside them");
    if (leg[0] == 'r') app->add_option("--bin", o.bin, "Into this bin of the shelf");
    unit(app);
    lot(app);
    who(app);
  }
  CLI::App* close =
      add(all, "close", "Nothing more will come; what is still on its way is lost",
          [this_ = *this](Session& s) { return transfers_close(s, this_.o, this_.by); });
  close->add_option("transfer", o.id, "Number of the transfer")->required();
  why(close);
  who(close);
}

void Adder::counts(CLI::App& root) const {
  CLI::App& all = *root.add_subcommand("counts", "Counting shelves: enter, ask, tasks");
  all.require_subcommand(1);
  paging(add(all, "list", "What was counted, with the difference to the books",
             [this_ = *this](Session& s) { return counts_list(s, this_.o); }));
  CLI::App* tasks = add(all, "tasks", "Counts that were asked for",
                        [this_ = *this](Session& s) { return counts_tasks(s, this_.o); });
  tasks->add_option("--state", o.list.state, "open, counted or dropped")
      ->check(CLI::IsMember({"open", "counted", "dropped"}));
  paging(tasks);
  CLI::App* enter =
      add(all, "enter", "So many pieces lie there now; the books move by the difference",
          [this_ = *this](Session& s) { return counts_enter(s, this_.o, this_.by); });
  enter->add_option("sku", o.sku, "SKU")->required();
  enter->add_option("site", o.site, "Site")->required();
  enter->add_option("counted", o.quantity, "Pieces on the shelf, packed boxes left out")
      ->required();
  unit(enter);
  enter->add_option("--bin", o.bin, "Where; of several bins this one alone is counted");
  who(enter);
  CLI::App* ask = add(all, "ask", "Ask a station of the site to count",
                      [this_ = *this](Session& s) { return counts_ask(s, this_.o); });
  ask->add_option("sku", o.sku, "SKU")->required();
  ask->add_option("site", o.site, "Site")->required();
  ask->add_option("--station", o.station, "Default: the server chooses");
  why(ask);
  CLI::App* drop = add(all, "drop", "A count is not needed any more",
                       [this_ = *this](Session& s) { return counts_drop(s, this_.o); });
  drop->add_option("task", o.id, "Task")->required();
  why(drop);
}

}  // namespace

void add_receiving(CLI::App& root, CLI::App& stock, Receiving& o, std::string& by,
                   const Choose& choose) {
  const Adder adder{o, by, choose};
  CLI::App* move =
      adder.add(stock, "move", "Move pieces: quarantine, damaged, between bins of the shelf",
                [&o](Session& s) { return stock_move(s, o); });
  move->add_option("sku", o.sku, "SKU")->required();
  move->add_option("site", o.site, "Site")->required();
  const auto place =
      CLI::IsMember({"shelf", "staging", "quarantine", "damaged", "supplier", "adjustment"});
  move->add_option("from", o.from, "shelf, staging, quarantine, damaged, supplier, adjustment")
      ->required()
      ->check(place);
  move->add_option("to", o.to, "The same words")->required()->check(place);
  move->add_option("quantity", o.quantity, "Pieces, or units")->required();
  adder.unit(move);
  move->add_option("--from-bin", o.from_bin, "Bin of the shelf; default: its home bin first");
  move->add_option("--to-bin", o.to_bin, "Bin of the shelf, also a new one; default: its home bin");
  adder.why(move);
  adder.lot(move);
  adder
      .add(stock, "lots", "Pieces by lot, serial and expiry, first out first",
           [&o](Session& s) { return stock_lots(s, o.sku); })
      ->add_option("sku", o.sku, "SKU")
      ->required();
  adder.deliveries(root);
  adder.transfers(root);
  adder.counts(root);
}

}  // namespace dockline::server::cli
