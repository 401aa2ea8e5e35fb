#include "server/rehearse/channel.hpp"

#include <utility>

namespace dockline::server::rehearse {
namespace {

using channels::Verdict;

class Believes final : public channels::Exchange {
 public:
  Believes(std::string channel, channels::Push push)
      : channel_(std::move(channel)), push_(std::move(push)) {}
  base::HttpRequest begin() override {
    base::HttpRequest request;
    request.method = "POST";
    request.url = "rehearsal:" + channel_;
    if (const auto* stock = std::get_if<channels::StockPush>(&push_)) {
      request.timeout_ms = stock->caused_ms;
    } else {
      request.timeout_ms = 0;
    }
    return request;
  }
  Verdict on_answer(const base::Result<base::HttpResponse>&) override {
    channels::Delivered done;
    done.external_id = "rehearsal";
    if (const auto* stock = std::get_if<channels::StockPush>(&push_)) done.shown = stock->quantity;
    return done;
  }

 private:
  std::string channel_;
  channels::Push push_;
};

class Recorded final : public channels::Channel {
 public:
  explicit Recorded(channels::Config config) : config_(std::move(config)) {}
  const channels::Config& config() const override { return config_; }
  const channels::Capabilities& capabilities() const override { return can_; }
  std::unique_ptr<channels::Exchange> push(const channels::Push& push, const std::string&,
                                           base::Instant) override {
    return std::make_unique<Believes>(config_.name, push);
  }
  std::unique_ptr<channels::Exchange> poll(const channels::Poll&, base::Instant) override {
    return nullptr;
  }
  base::Result<channels::HookAnswer> hook(const channels::Hook&, base::Instant) override {
    return base::fail(base::Fault::reject, "a rehearsal takes no webhooks");
  }

 private:
  channels::Config config_;
  channels::Capabilities can_{.kind = "rehearsal"};
};

}  // namespace

std::unique_ptr<channels::Channel> make_channel(channels::Config config) {
  return std::make_unique<Recorded>(std::move(config));
}

}  // namespace dockline::server::rehearse
