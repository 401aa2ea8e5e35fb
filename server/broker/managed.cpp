#include "server/broker/managed.hpp"

#include <algorithm>

#include "shared/base/limits.hpp"
#include "shared/runtime/log.hpp"
#include "shared/runtime/system.hpp"

namespace dockline::server::broker {
namespace {

namespace log = runtime::log;
constexpr std::int64_t kRestartFirstMs = 100, kRestartMostMs = 10'000;
// The broker of a server that was killed is told to end by the kernel, and ends a moment after it.
constexpr int kPortPatienceMs = 5'000;
constexpr std::int64_t kSteadyMs =
    30'000;  // ran this long: the next fall starts from the first delay

}  // namespace

Managed::Managed(runtime::Lane& lane, ManagedOptions options)
    : lane_(lane), options_(std::move(options)), delay_ms_(kRestartFirstMs) {}

Managed::~Managed() = default;

base::Result<std::unique_ptr<Managed>> Managed::start(runtime::Lane& lane, ManagedOptions options) {
  if (const auto free = runtime::check_port_free(options.host, options.port, kPortPatienceMs);
      !free) {
    return base::fail(free.error(), "broker.listen");
  }
  std::unique_ptr<Managed> managed(new Managed(lane, std::move(options)));
  if (auto ok = managed->write_files(); !ok) return base::pass(ok.error());
  if (auto ok = managed->launch(); !ok) return base::pass(ok.error());
  return managed;
}

std::string Managed::url() const {
  return "tcp://" + options_.host + ":" + std::to_string(options_.port);
}

bool Managed::listening() const {
  return child_ != nullptr && runtime::accepts_connections(options_.host, options_.port);
}

base::Status Managed::write_files() {
  const std::string& folder = options_.folder;
  if (auto ok = runtime::make_folder(folder + "/credentials"); !ok) return ok;
  auto own = runtime::ensure_secret(folder + "/credentials/" + std::string(kServerUser),
                                    "server's broker password");
  if (!own) return base::pass(own.error());
  server_password_ = *own;
  std::vector<StationAccount> accounts;
  for (const auto& [site, station] : options_.stations) {
    StationAccount account{site, station, ""};
    auto password = runtime::ensure_secret(folder + "/credentials/" + account.user(),
                                           "broker password of station " + account.user());
    if (!password) return base::pass(password.error());
    account.password = *password;
    accounts.push_back(std::move(account));
  }
  const BrokerFiles files{options_.host, options_.port, folder, runtime::user_name()};
  if (auto ok = runtime::write_file(folder + "/mosquitto.conf", conf_text(files)); !ok) return ok;
  if (auto ok = runtime::write_file(folder + "/acl", acl_text(accounts), 0600); !ok) return ok;
  if (auto ok = runtime::write_file(folder + "/accounts",
                                    plain_accounts(accounts, server_password_), 0600);
      !ok) {
    return ok;
  }
  return runtime::run_to_end({"mosquitto_passwd", "-U", folder + "/accounts"}, folder + "/log");
}

base::Status Managed::launch() {
  auto child = runtime::Child::start(
      lane_, {"mosquitto", "-c", options_.folder + "/mosquitto.conf"}, options_.folder + "/log",
      [this](const std::string& how) { ended(how); });
  if (!child) return base::pass(child.error());
  child_ = std::move(*child);
  launched_ms_ = lane_.now().mono_ms;
  log::info("broker.started", {{"pid", child_->pid()}, {"url", url()}});
  return {};
}

void Managed::ended(const std::string& how) {
  log::warn("broker.ended",
            {{"how", how}, {"again_in_ms", delay_ms_}, {"log", options_.folder + "/log"}});
  const bool steady = lane_.now().mono_ms - launched_ms_ > kSteadyMs;
  if (steady) delay_ms_ = kRestartFirstMs;
  ++restarts_;
  lane_.after(delay_ms_, [this] {
    child_.reset();
    if (auto ok = launch(); !ok) {
      log::error("broker.not_started", {{"why", ok.error().detail}});
      ended("could not be started");
    }
  });
  delay_ms_ = std::min(delay_ms_ * 2, kRestartMostMs);
}

}  // namespace dockline::server::broker
