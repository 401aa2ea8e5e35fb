// Every kind of fault, with the range its strength is drawn from.
#include <vector>

#include "tests/sim/plan/plan.hpp"

namespace dockline::sim {

std::span<const Kind> kinds() {
  constexpr auto per_mille = Kind::Unit::per_mille;
  constexpr auto every_ms = Kind::Unit::every_ms;
  constexpr auto ms = Kind::Unit::ms;
  constexpr std::int64_t minute = 60'000;
  static const std::vector<Kind> all = {
      // network and broker
      {"net_loss", "messages vanish", per_mille, 1, 150, 500},
      {"net_delay", "messages take long", ms, 20, 3'000, 500},
      {"net_double", "messages come twice", per_mille, 1, 100, 500},
      {"net_reorder", "messages overtake each other", per_mille, 1, 100, 350},
      {"net_break", "a message ends its connection", per_mille, 1, 20, 400},
      {"partition", "a station or the server is cut off", every_ms, 3 * minute, 30 * minute, 500},
      {"half_open", "one direction of a connection is dead", every_ms, 4 * minute, 30 * minute,
       400},
      {"broker_restart", "the broker restarts and kept what is retained", every_ms, 5 * minute,
       40 * minute, 400},
      {"broker_forgets", "the broker restarts and forgot everything", every_ms, 5 * minute,
       40 * minute, 400},
      // processes and computers
      {"agent_crash", "a station's program dies between two events", every_ms, 2 * minute,
       20 * minute, 500},
      {"agent_crash_midturn", "it dies after a commit, some effects are out", every_ms, 2 * minute,
       20 * minute, 500},
      {"hub_crash", "the server dies between two events", every_ms, 4 * minute, 30 * minute, 450},
      {"hub_crash_midturn", "it dies after a commit, some effects are out", every_ms, 4 * minute,
       30 * minute, 450},
      {"power_cut", "a station's computer loses power", every_ms, 4 * minute, 30 * minute, 450},
      {"power_cut_midwrite", "and in the middle of writing", every_ms, 4 * minute, 30 * minute,
       450},
      {"hub_power_cut", "the server's computer loses power", every_ms, 8 * minute, 60 * minute,
       400},
      {"hub_power_cut_midwrite", "and in the middle of writing", every_ms, 8 * minute, 60 * minute,
       400},
      {"agent_pause", "a station's program stands still", every_ms, 5 * minute, 40 * minute, 350},
      {"hub_pause", "the server stands still", every_ms, 8 * minute, 60 * minute, 350},
      {"hub_slow", "each turn of the server takes long", ms, 20, 400, 250},
      {"later_version", "a station's program of a later version sends what nobody can read",
       every_ms, 5 * minute, 60 * minute, 350},
      // disks
      {"disk_full", "a station's disk is full for a while", every_ms, 6 * minute, 60 * minute, 350},
      {"io_error", "a station's disk refuses one call", every_ms, 3 * minute, 30 * minute, 400},
      {"hub_disk_full", "the server's disk is full for a while", every_ms, 10 * minute, 60 * minute,
       300},
      {"hub_io_error", "the server's disk refuses one call", every_ms, 5 * minute, 40 * minute,
       350},
      {"bad_read", "a station's disk cannot be read once", every_ms, 2 * minute, 30 * minute, 350},
      {"hub_bad_read", "the server's disk cannot be read once", every_ms, 4 * minute, 40 * minute,
       300},
      {"restored_image", "a station comes back with an old image", every_ms, 20 * minute,
       90 * minute, 250},
      {"replaced_disk", "a station comes back with an empty disk", every_ms, 20 * minute,
       90 * minute, 250},
      // clocks
      {"clock_jump", "a clock jumps by up to a day", every_ms, 5 * minute, 60 * minute, 400},
      {"wrong_year", "a clock is years off", every_ms, 15 * minute, 90 * minute, 250},
      {"clock_drift", "clocks run fast or slow (parts per million)", ms, 10, 500, 400},
      {"silent", "a station is switched off for minutes to hours", every_ms, 10 * minute,
       90 * minute, 400},
      {"backlog", "a bench is cut off while its packer counts without rest", every_ms, 10 * minute,
       60 * minute, 200},
      {"lunch", "a bench is cut off and its packer is away, a box half packed", every_ms,
       5 * minute, 40 * minute, 350},
      {"month", "all benches are switched off for days to a month, once", ms, 24 * 60 * minute,
       30 * 24 * 60 * minute, 15},
      // devices
      {"printer_trouble", "paper out, head open, jam, unplugged, off in the middle of a label",
       every_ms, minute, 10 * minute, 550},
      {"scanner_unplugged", "a scanner's cable is loose", every_ms, 5 * minute, 40 * minute, 350},
      {"split_bytes", "bytes of devices come in pieces", per_mille, 50, 500, 500},
      {"scan_doubled", "the trigger bounces", per_mille, 5, 80, 500},
      {"scan_garbled", "bits flip in the cable", per_mille, 2, 40, 400},
      {"scan_cut", "the end of a scan never comes", per_mille, 2, 30, 400},
      {"scan_no_read", "the scanner saw nothing", per_mille, 2, 40, 300},
      {"scan_run_together", "two scans in one", per_mille, 2, 30, 400},
      // shops
      {"shop_lost", "requests vanish", per_mille, 5, 150, 450},
      {"shop_answer_lost", "done, but the answer times out", per_mille, 5, 150, 500},
      {"shop_done_late", "done after we gave up waiting", per_mille, 5, 80, 400},
      {"shop_failed", "server errors, nothing done", per_mille, 5, 150, 450},
      {"shop_failed_done", "of these: done nevertheless", per_mille, 50, 600, 400},
      {"shop_throttled", "too many requests", per_mille, 5, 200, 450},
      {"shop_slow", "answers after seconds", per_mille, 5, 150, 400},
      {"shop_away", "nobody answers for a while", every_ms, 10 * minute, 60 * minute, 350},
      {"hook_doubled", "webhooks come twice", per_mille, 10, 400, 500},
      {"hook_late", "webhooks come late and out of order", per_mille, 10, 400, 500},
      {"hook_never", "webhooks never come", per_mille, 5, 100, 300},
      // people
      {"wrong_item", "packers scan the wrong piece", per_mille, 5, 80, 600},
      {"foreign_code", "packers scan what is no order", per_mille, 5, 60, 500},
      {"undo", "packers take back", per_mille, 3, 60, 500},
      {"undo_closed", "packers open a closed box again", per_mille, 2, 40, 350},
      {"short_pick", "pieces are not on the shelf", per_mille, 2, 40, 450},
      {"hold", "packers put an order aside", per_mille, 2, 40, 450},
      {"problem", "packers scan PROBLEM", per_mille, 1, 15, 350},
      {"walk_away", "packers leave the bench", per_mille, 1, 10, 450},
      {"other_order", "packers take another order in between", per_mille, 2, 40, 450},
      {"quantity", "packers count many at once", per_mille, 20, 300, 400},
      {"reprint", "packers want a copy", per_mille, 2, 40, 400},
      {"typed", "packers type instead of scanning", per_mille, 5, 60, 350},
      {"wrong_label", "packers scan another label", per_mille, 5, 60, 400},
      {"impatient", "packers do not wait for the label", per_mille, 20, 300, 300},
      {"cancel", "customers change their mind", per_mille, 10, 200, 600},
      {"fickle", "customers take off piece by piece", per_mille, 50, 500, 300},
      {"taken_back", "the office takes orders back from silent benches", per_mille, 200, 900, 400},
      {"phone_order", "the office takes orders by telephone, some of them doubtful", every_ms,
       minute, 8 * minute, 500},
      {"order_held", "orders are held and released", every_ms, 2 * minute, 15 * minute, 450},
      {"order_amended", "orders get another address, other pieces, another rank", every_ms,
       2 * minute, 15 * minute, 450},
      {"order_split", "pieces of orders go in a parcel of their own", every_ms, 2 * minute,
       20 * minute, 350},
      {"limited", "goods of which only so many are sold that are not there", per_mille, 50, 500,
       300},
      {"errands", "the office moves, receives, sends and counts stock", every_ms, minute / 3,
       5 * minute, 600},
      {"other_action", "the office decides otherwise than proposed", per_mille, 50, 400, 300},
  };
  return all;
}

}  // namespace dockline::sim
