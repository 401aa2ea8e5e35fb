#include <CLI/CLI.hpp>

#include "server/cli/buying.hpp"
#include "server/cli/session.hpp"

namespace dockline::server::cli {

void add_buying(CLI::App& root, CLI::App& stock, Buying& o, std::string& by, const Choose& choose) {
  const auto add = [&](CLI::App& parent, const char* name, const char* help,
                       std::function<Exit(Session&)> run) {
    CLI::App* app = parent.add_subcommand(name, help);
    choose(app, std::move(run));
    return app;
  };
  const auto who = [&](CLI::App* app) {
    app->add_option("--by", by, "Who says so; default: your user name");
  };
  CLI::App* quality =
      add(stock, "quality", "What is wrong with items, bar codes, SKUs, listings and kits",
          [&o](Session& s) { return stock_quality(s, o); });
  quality->add_option("--flaw", o.list.state, "Only this one, as named in the list");
  who(add(stock, "look", "Look at all shelves now: suspects, purchases, transfers",
          [&by](Session& s) { return stock_look(s, by); }));
  CLI::App* doubtful = add(stock, "suspects", "Shelves that the books may be wrong about",
                           [&o](Session& s) { return stock_suspects(s, o); });
  doubtful->add_option("--site", o.list.channel, "Only this site");
  add(stock, "proposals", "What one site could send another", transfers_proposed);

  CLI::App& suppliers = *root.add_subcommand("suppliers", "From whom goods are bought");
  suppliers.require_subcommand(1);
  add(suppliers, "list", "List suppliers", suppliers_list);
  CLI::App* set = add(suppliers, "set", "Enter a supplier, or change one",
                      [&o, &by](Session& s) { return suppliers_set(s, o, by); });
  set->add_option("supplier", o.supplier, "Short name, never changed")->required();
  set->add_option("--title", o.title, "Name")->required();
  set->add_option("--email", o.email, "Where orders go");
  set->add_option("--webhook", o.webhook,
                  "Address that takes orders, https; its key stands in server.toml");
  set->add_option("--lead-days", o.lead_days, "From order to delivery");
  set->add_option("--review-days", o.review_days, "Between two orders");
  who(set);
  CLI::App* supply = add(suppliers, "supply", "Say from whom an item is bought",
                         [&o, &by](Session& s) { return supplies_define(s, o, by); });
  supply->add_option("sku", o.sku, "SKU")->required();
  supply->add_option("supplier", o.supplier, "Supplier")->required();
  supply->add_option("--rank", o.rank, "The lowest is preferred; 0: not any more");
  supply->add_option("--supplier-sku", o.supplier_sku, "Their number of it");
  supply->add_option("--pack", o.pack, "Ordered in multiples of");
  supply->add_option("--minimum", o.minimum, "At least");
  supply->add_option("--price", o.price, "Of one piece, in cents");
  supply->add_option("--currency", o.currency, "Such as EUR");
  supply->add_option("--safety-days", o.safety_days, "Demand of so many days is kept in reserve");
  who(supply);

  CLI::App& purchases = *root.add_subcommand("purchases", "What has to be bought");
  purchases.require_subcommand(1);
  CLI::App* list = add(purchases, "list", "List purchases, newest first",
                       [&o](Session& s) { return purchases_list(s, o); });
  list->add_option("--state", o.list.state, "proposed, sent or dropped")
      ->check(CLI::IsMember({"proposed", "sent", "dropped"}));
  list->add_option("--limit", o.list.limit, "Rows to show")->check(CLI::Range(1, 1'000'000));
  list->add_flag("--all", o.list.all, "Show every row");
  add(purchases, "show", "One purchase as the e-mail to its supplier",
      [&o](Session& s) { return purchases_show(s, o); })
      ->add_option("purchase", o.id, "Number of the purchase")
      ->required();
  for (const char* action : {"send", "drop"}) {
    CLI::App* app = add(
        purchases, action,
        action[0] == 's' ? "It was ordered: its delivery is announced" : "It will not be ordered",
        [&o, &by, action](Session& s) {
          o.action = action[0] == 's' ? "sent" : "dropped";
          return purchases_decide(s, o, by);
        });
    app->add_option("purchase", o.id, "Number of the purchase")->required();
    app->add_option("--reason", o.reason, "Why, kept for ever");
    app->add_option("--expected", o.expected, "Date; default: the supplier's lead time");
    who(app);
  }
}

}  // namespace dockline::server::cli
