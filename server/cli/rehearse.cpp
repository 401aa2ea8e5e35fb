// A rehearsal on a copy of the server's file.
#include "server/rehearse/rehearse.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "server/cli/commands.hpp"
#include "server/main/house.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::cli {
namespace {

Exit refused(Io& io, const std::string& why) {
  io.err << "Not rehearsed: " << why << "\n";
  return Exit::refused;
}

// Ctrl-C ends the rehearsal and still removes its copies.
volatile std::sig_atomic_t stopped = 0;

class Interruptible {
 public:
  Interruptible() {
    stopped = 0;
    struct sigaction act{};
    act.sa_handler = [](int) { stopped = 1; };
    act.sa_flags = SA_RESETHAND;  // a second one ends the process at once
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals.at(i), &act, &before_.at(i));
    }
  }
  ~Interruptible() {
    for (std::size_t i = 0; i < kSignals.size(); ++i) {
      sigaction(kSignals.at(i), &before_.at(i), nullptr);
    }
  }
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  static constexpr std::array<int, 2> kSignals{SIGINT, SIGTERM};
  std::array<struct sigaction, 2> before_{};
};

// The house's own rules: of the file that is named, or of this computer's server.
base::Result<std::optional<rehearse::House>> house_of(const AuditOptions& files,
                                                      const RehearseOptions& options,
                                                      std::string& data) {
  std::string file = options.config;
  const bool elsewhere = !files.data.empty() || !files.server_db.empty();
  std::error_code failed;
  if (file.empty() && !elsewhere && std::filesystem::exists(kServerConfig, failed)) {
    file = kServerConfig;
  }
  if (file.empty()) return std::nullopt;
  const auto settings = read_settings(file);
  if (!settings) return base::fail(base::Fault::reject, config::to_text(settings.error()));
  if (!elsewhere) data = settings->data_dir;
  rehearse::House out;
  out.sites = sites_of(*settings);
  out.orders = order_rules_of(*settings);
  out.rulebook = settings->rulebook;
  out.words = file + (settings->routing_file.empty()
                          ? ", which names no routing file: sites by their priorities"
                          : ", routing by " + settings->routing_file);
  return out;
}

}  // namespace

Exit rehearse_files(Io& io, bool as_json, const AuditOptions& files,
                    const RehearseOptions& options) {
  rehearse::Wish wish;
  std::string data = files.data.empty() ? kServerData : files.data;
  auto house = house_of(files, options, data);
  if (!house) return refused(io, house.error().detail);
  wish.house = std::move(*house);
  wish.db_path = files.server_db.empty() ? data + "/server.db" : files.server_db;
  std::error_code failed;
  wish.scratch = options.scratch.empty() ? std::filesystem::temp_directory_path(failed).string()
                                         : options.scratch;
  wish.factor = options.factor;
  wish.now_ms = io.now_ms();
  for (const auto& [text, at, name] : {std::tuple(&options.from, &wish.from_ms, "--from"),
                                       std::tuple(&options.to, &wish.to_ms, "--to")}) {
    if (text->empty()) continue;
    const auto ms = base::parse_rfc3339(*text);
    if (!ms) return refused(io, std::string(name) + ": a time like 2026-11-27T14:00:00Z is needed");
    *at = *ms;
  }
  if (!as_json) wish.tell = [&io](const std::string& what) { io.err << what << "\n"; };
  const Interruptible interruptible;
  wish.go_on = [] { return stopped == 0; };
  const auto report = rehearse::rehearse(wish);
  if (!report) return refused(io, report.error().detail);
  io.out << (as_json ? rehearse::to_json(*report) + "\n" : rehearse::to_text(*report));
  return Exit::ok;
}

}  // namespace dockline::server::cli
