// Signed JSON, out and in: any system can be a channel. See README.md for the messages.
#include "server/channels/contract/channel.hpp"

#include <boost/json.hpp>

#include "server/channels/webhook/intake.hpp"
#include "server/channels/webhook/kind.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/embedded.hpp"
#include "shared/base/limits.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_channel_webhook();
}  // namespace dockline::base

namespace dockline::server::channels::webhook {

namespace json = boost::json;

namespace {

constexpr Capabilities kCapabilities{
    .kind = "webhook", .takes_hooks = true, .wants_status = true, .in_flight_max = 8};

json::object message(const StockPush& push) {
  return {
      {"type", "stock.figure"},
      {"stock", {{"sku", push.sku}, {"location", push.location}, {"available", push.quantity}}}};
}

json::object message(const FulfilmentPush& push) {
  json::array lines;
  for (const auto& line : push.lines) {
    lines.push_back({{"line", line.line},
                     {"id", line.external_id.value_or(std::to_string(line.line))},
                     {"sku", line.sku},
                     {"quantity", line.quantity}});
  }
  return {{"type", "order.shipped"},
          {"order",
           {{"number", push.number},
            {"external_id", push.external_id.value_or("")},
            {"carrier", push.carrier},
            {"tracking", push.tracking},
            {"lines", std::move(lines)}}}};
}

json::object message(const StatusPush& push) {
  return {{"type", "order.status"}, {"order", {{"number", push.number}, {"status", push.status}}}};
}

class Post final : public Exchange {
 public:
  Post(const Config& config, const Push& push, const std::string& delivery, base::Instant now)
      : config_(config), push_(push) {
    auto body = std::visit([](const auto& one) { return message(one); }, push);
    body.emplace("delivery", delivery);
    body.emplace("caused_at",
                 base::to_rfc3339(std::visit([](const auto& p) { return p.caused_ms; }, push)));
    body.emplace("sent_at", base::to_rfc3339(now.wall_ms));
    request_.method = "POST";
    request_.url = config.url;
    request_.body = json::serialize(body);
    request_.timeout_ms = base::limits::kHttpTimeoutMs;
    request_.headers = {{"content-type", "application/json"},
                        {"x-dockline-delivery", delivery},
                        {"x-dockline-timestamp", std::to_string(now.wall_ms)},
                        {"x-dockline-signature", signature(config.secret, request_.body)}};
  }

  base::HttpRequest begin() override { return request_; }

  Verdict on_answer(const base::Result<base::HttpResponse>& answer) override {
    if (auto common = common_verdict(answer)) return *common;
    const auto* stock = std::get_if<StockPush>(&push_);
    // 409: the receiver has this delivery already.
    if (answer->status < 300 || answer->status == 409) {
      return Delivered{.external_id = id_in(answer->body),
                       .shown = stock != nullptr ? stock->quantity : 0};
    }
    const auto said =
        "HTTP " + std::to_string(answer->status) + ": " + base::printable(answer->body, 120);
    if (stock != nullptr && (answer->status == 404 || answer->status == 410)) {
      return NotListed{said};
    }
    return Rejected{.why = said,
                    .proposed = "Ask the receiver at " + config_.url + " why it refuses delivery."};
  }

 private:
  // A receiver may answer {"id":"..."}: what it calls the listing or shipment.
  static std::string id_in(const std::string& text) {
    boost::system::error_code failed;
    const auto body = json::parse(text, failed);
    if (failed || !body.is_object()) return {};
    const auto* id = body.get_object().if_contains("id");
    if (id == nullptr || !id->is_string()) return {};
    return base::printable({id->get_string().data(), id->get_string().size()}, 100);
  }

  const Config& config_;
  Push push_;
  base::HttpRequest request_;
};

class Webhook final : public Channel {
 public:
  explicit Webhook(Config config) : config_(std::move(config)) {}
  const Config& config() const override { return config_; }
  const Capabilities& capabilities() const override { return kCapabilities; }

  std::unique_ptr<Exchange> push(const Push& push, const std::string& delivery,
                                 base::Instant now) override {
    return std::make_unique<Post>(config_, push, delivery, now);
  }
  std::unique_ptr<Exchange> poll(const Poll&, base::Instant) override { return nullptr; }
  base::Result<HookAnswer> hook(const Hook& hook, base::Instant now) override {
    return read_hook(config_, hook, now);
  }

 private:
  Config config_;
};

base::Result<std::unique_ptr<Channel>> make(const Config& config) {
  if (!config.url.starts_with("http://") && !config.url.starts_with("https://")) {
    return base::fail(base::Fault::reject,
                      "channel " + config.name + ": url must start with https:// or http://");
  }
  if (config.secret.size() < 16) {
    return base::fail(base::Fault::reject,
                      "channel " + config.name +
                          ": secret_file must hold a signing key of at least 16 characters");
  }
  return std::make_unique<Webhook>(config);
}

std::string_view sample() {
  for (const auto& file : base::embedded_channel_webhook()) {
    if (file.name == "sample.toml") return file.bytes;
  }
  return {};
}

}  // namespace

Kind kind() {
  return {"webhook", "Signed JSON to and from any system", make, sample(),
          kCapabilities.needs_locations};
}

}  // namespace dockline::server::channels::webhook
