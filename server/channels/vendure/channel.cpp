// Vendure 3.x through its Admin API (GraphQL). See README.md for what it does and needs.
#include "server/channels/contract/channel.hpp"

#include "server/channels/vendure/exchanges.hpp"
#include "server/channels/vendure/graphql.hpp"
#include "server/channels/vendure/kind.hpp"
#include "shared/base/embedded.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_channel_vendure();
}  // namespace dockline::base

namespace dockline::server::channels::vendure {

namespace {

constexpr Capabilities kCapabilities{.kind = "vendure",
                                     .polls_orders = true,
                                     .audits_stock = true,
                                     .needs_locations = true,
                                     .holds_stock = true,
                                     .in_flight_max = 4,
                                     .poll_max = 50};

class Vendure final : public Channel {
 public:
  explicit Vendure(Config config) : config_(std::move(config)) {}
  const Config& config() const override { return config_; }
  const Capabilities& capabilities() const override { return kCapabilities; }

  std::unique_ptr<Exchange> push(const Push& push, const std::string&, base::Instant) override {
    if (const auto* stock = std::get_if<StockPush>(&push)) {
      return set_stock(config_, session_, *stock);
    }
    if (const auto* parcel = std::get_if<FulfilmentPush>(&push)) {
      return fulfil(config_, session_, *parcel);
    }
    return nullptr;  // wants_status is false
  }

  std::unique_ptr<Exchange> poll(const Poll& poll, base::Instant now) override {
    if (const auto* since = std::get_if<PollSince>(&poll)) {
      return orders_since(config_, session_, *since, now);
    }
    if (const auto* open = std::get_if<PollOrders>(&poll)) {
      return orders_by_number(config_, session_, *open);
    }
    return audit_stock(config_, session_, std::get<AuditStock>(poll));
  }

  base::Result<HookAnswer> hook(const Hook&, base::Instant) override {
    return base::fail(base::Fault::reject,
                      "channel " + config_.name + " is polled; Vendure sends no webhooks");
  }

 private:
  Config config_;
  Session session_;
};

base::Result<std::unique_ptr<Channel>> make(const Config& config) {
  const auto wrong = [&](const std::string& what) {
    return base::fail(base::Fault::reject, "channel " + config.name + ": " + what);
  };
  if (!config.url.ends_with("-api") && !config.url.ends_with("/admin-api")) {
    return wrong("url must be the shop's Admin API, e.g. https://shop.example.com/admin-api");
  }
  if (config.secret.empty()) {
    return wrong("secret_file is needed: the password of `user`, or an API key when user is empty");
  }
  if (config.locations.empty()) {
    return wrong(
        "[channel.locations] is needed: one line per site, site = \"Vendure location id\"");
  }
  return std::make_unique<Vendure>(config);
}

std::string_view sample() {
  for (const auto& file : base::embedded_channel_vendure()) {
    if (file.name == "sample.toml") return file.bytes;
  }
  return {};
}

}  // namespace

Kind kind() {
  return {"vendure", "Vendure 3.x through its Admin API", make, sample(),
          kCapabilities.needs_locations};
}

}  // namespace dockline::server::channels::vendure
