// Commands about deliveries, transfers, counts and moves between places. The part of the command
// line that describes them is here too: command_line.cpp calls add_receiving().
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/cli/commands.hpp"

namespace CLI {
class App;
}

namespace dockline::server::cli {

struct Receiving {
  std::string id;  // delivery, transfer or task
  std::string sku, code, site, from, to, supplier, station, bin, from_bin, to_bin, reason;
  std::string unit;          // of the quantities; empty: pieces
  std::string expected, at;  // "2026-11-30", "2026-11-30 14:00" or milliseconds
  std::string lot, serial, expires;
  std::int64_t quantity = 0, damaged = 0;
  std::vector<std::string> lines;  // "SKU=PIECES"
  ListOptions list;
};

// Chooses the command that runs when `app` was named.
using Choose = std::function<void(CLI::App* app, std::function<Exit(Session&)> command)>;
// `stock` gets `move`; the root gets deliveries, transfers and counts. `by`: who decides.
void add_receiving(CLI::App& root, CLI::App& stock, Receiving& options, std::string& by,
                   const Choose& choose);

// Wall-clock milliseconds of a local date, a date with time, or of milliseconds as they are.
[[nodiscard]] std::optional<std::int64_t> moment_of(const std::string& text);

Exit stock_move(Session& session, const Receiving& o);
// What lay where at a past instant.
Exit stock_at(Session& session, const std::string& sku, const std::string& at);
Exit stock_lots(Session& session, const std::string& sku);
Exit deliveries_list(Session& session, const Receiving& o);
Exit deliveries_show(Session& session, const Receiving& o);
Exit deliveries_announce(Session& session, const Receiving& o);
Exit deliveries_receive(Session& session, const Receiving& o, const std::string& by);
Exit deliveries_close(Session& session, const Receiving& o, const std::string& by);
Exit transfers_list(Session& session, const Receiving& o);
Exit transfers_order(Session& session, const Receiving& o, const std::string& by);
Exit transfers_leg(Session& session, const Receiving& o, const std::string& by, const char* leg);
Exit transfers_close(Session& session, const Receiving& o, const std::string& by);
Exit counts_list(Session& session, const Receiving& o);
Exit counts_tasks(Session& session, const Receiving& o);
Exit counts_enter(Session& session, const Receiving& o, const std::string& by);
Exit counts_ask(Session& session, const Receiving& o);
Exit counts_drop(Session& session, const Receiving& o);

}  // namespace dockline::server::cli
