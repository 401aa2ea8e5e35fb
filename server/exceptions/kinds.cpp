#include "server/exceptions/kinds.hpp"

#include <algorithm>

namespace dockline::server::exceptions {
namespace {

const std::vector<Kind>& table() {
  static const std::vector<Kind> kinds = {
      {"poison",
       "A station sent a fact that cannot be digested; its bytes are kept.",
       "Update this server, or look at the fact and note what happened by hand.",
       {"noted"}},
      {"id_reused",
       "A fact came under the id of another one; its bytes are kept.",
       "Look at both facts: one station may run from a copied disk.",
       {"noted"}},
      {"gap",
       "Facts of a station will never come: its disk is older than what it once sent.",
       "Count the shelf and compare the last boxes of that station.",
       {"counted", "noted"}},
      {"store_restored",
       "A station or the server started from an older disk.",
       "Check which computer works there now, then release its orders again.",
       {"noted"}},
      {"two_computers",
       "Two computers use the same station name.",
       "Switch one of them off, or give it a name of its own.",
       {"noted"}},
      {"version",
       "A station speaks a protocol version that this server does not.",
       "Update the station; what it records is kept there until then.",
       {"noted"}},
      {"station_trouble",
       "A station reports trouble of its own.",
       "Look at the station.",
       {"noted"}},
      {"bench_problem",
       "A packer scanned PROBLEM.",
       "Call the bench and help.",
       {"solved", "noted"}},
      {"negative_stock",
       "The books say that a place holds less than nothing.",
       "Count that shelf and enter what you find.",
       {"counted", "noted"}},
      {"short_pick",
       "A packer did not find pieces that the books show.",
       "Count that shelf; the rest of the order is routed again by itself.",
       {"counted", "noted"}},
      {"overpacked",
       "A box holds more pieces than the order still wants.",
       "Open the box, take the pieces out and put them back.",
       {"put_back", "noted"}},
      {"fenced_work",
       "A box was packed under a lease that had been taken back.",
       "Look whether the order was packed twice; keep one box, put the other one's goods back.",
       {"put_back", "accept", "noted"}},
      {"cancelled_after_pack",
       "An order was cancelled when its box was already closed.",
       "Take the box out of the hand-over, open it and put the goods back.",
       {"put_back", "send_anyway"}},
      {"reopened_after_told",
       "A box was opened again after the channel was told.",
       "Tell the customer if the parcel changes; the channel keeps the tracking number.",
       {"noted"}},
      {"order_differs",
       "An order came again under its number with other goods.",
       "Compare both; cancel and enter it again if the new one is right.",
       {"keep_first", "noted"}},
      {"order_too_large", "An order does not fit into one lease.", "Split the order.", {"noted"}},
      {"no_station",
       "An order is allocated to a site where no station was ever heard.",
       "Start the agent at that site, or give the site another priority.",
       {"noted"}},
      {"unknown_item",
       "An order names an item that is not in the catalogue.",
       "Enter the item with its barcode.",
       {"entered", "noted"}},
      {"import_row",
       "A row of an imported file could not be used.",
       "Mend the row and import the file again; rows that were taken are not doubled.",
       {"mended", "ignore"}},
      {"dead_letter",
       "A channel refuses what it is told.",
       "Mend it at the channel, then retry.",
       {"retry", "leave"}},
      {"channel_credentials",
       "A channel does not let us in; what it was to be told waits.",
       "Correct its account or secret in the configuration, then restart the server.",
       {"corrected", "noted"}},
      {"channel_away",
       "A channel has not answered for 5 minutes; what it was to be told waits.",
       "See whether it is up; nothing is lost.",
       {"noted"}},
      {"channel_refuses",
       "A channel refuses to be asked for orders or figures.",
       "Correct its address in the configuration, then restart the server.",
       {"corrected", "noted"}},
      {"channel_sale_unseen",
       "A channel sold pieces that the server has not seen.",
       "Look at the channel's orders.",
       {"noted"}},
      {"drift",
       "A channel shows another figure than it was told.",
       "It is mended by itself.",
       {"noted"}},
      {"clock", "A clock is far off.", "Set the computer's clock.", {"noted"}},
      {"other", "Something a person should look at.", "Look at it.", {"noted"}},
  };
  return kinds;
}

}  // namespace

std::span<const Kind> kinds() { return table(); }

const Kind& kind(std::string_view name) {
  const auto& all = table();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Kind& k) { return k.name == name; });
  return found == all.end() ? all.back() : *found;
}

}  // namespace dockline::server::exceptions
