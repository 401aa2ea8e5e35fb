#include "shared/runtime/paho_link.hpp"

#include <charconv>
#include <deque>
#include <utility>

#include <MQTTAsync.h>
#include <mqtt/async_client.h>

#include "shared/runtime/no_delay.hpp"

namespace dockline::runtime {
namespace {

constexpr int kInFlightMax = 1000;  // QoS 1 messages not yet confirmed by the broker
// Messages handed to Paho and not yet written. Its default of 100 silently refuses the rest of a
// turn that answers more stations than that.
constexpr int kBufferedMax = 20'000;
constexpr int kConnectTimeoutS = 10;
constexpr std::size_t kListenersKept = 16;

// Paho sets all of OpenSSL up for its first client, with TLS or without. OpenSSL does so by itself
// when it is first used.
void leave_openssl_alone() {
  static const bool once = [] {
    MQTTAsync_init_options options = MQTTAsync_init_options_initializer;
    options.do_openssl_init = 0;
    MQTTAsync_global_init(&options);
    return true;
  }();
  static_cast<void>(once);
}

int port_of(const std::string& url) {
  const auto colon = url.rfind(':');
  int port = url.starts_with("ssl://") ? 8883 : 1883;
  if (colon != std::string::npos) {
    std::from_chars(url.data() + colon + 1, url.data() + url.size(), port);
  }
  return port;
}

// Shared with Paho's threads. `session` tells the callbacks of a dead connection apart; it is read
// and written on the lane only, each callback carries the number it was made for.
class PahoLink final : public ports::Link {
 public:
  explicit PahoLink(Lane& lane) : core_(std::make_shared<Core>(lane)) {}
  ~PahoLink() override { drop(); }
  PahoLink(const PahoLink&) = delete;
  PahoLink& operator=(const PahoLink&) = delete;

  void connect(ports::LinkOptions options, ports::LinkEvents events) override {
    drop();
    const auto session = ++core_->session;
    core_->events = std::move(events);
    leave_openssl_alone();
    try {
      mqtt::create_options create;
      create.set_max_buffered_messages(kBufferedMax);
      client_ =
          std::make_unique<mqtt::async_client>(options.url, options.client_id, create, nullptr);
      listen(session);
      start(options, session);
    } catch (const mqtt::exception& e) {
      down(core_, session, base::Fault::reject,
           "broker " + options.url + ": " + e.what() + ". Check broker.url");
    }
  }

  void publish(ports::LinkMessage message) override {
    if (!core_->up) return;
    try {
      client_->publish(message.topic, message.payload.data(), message.payload.size(), 1,
                       message.retained);
    } catch (const mqtt::exception&) {
      // In-flight limit or a connection just lost: the sync protocol sends it again.
      ++core_->dropped;
    }
  }

  void disconnect() override {
    if (client_ != nullptr && core_->up) {
      try {
        client_->disconnect(500)->wait_for(std::chrono::milliseconds(1000));
      } catch (const mqtt::exception&) {
        ++core_->dropped;  // it was gone already
      }
    }
    drop();
  }

 private:
  struct Core {
    explicit Core(Lane& l) : lane(l) {}
    Lane& lane;
    ports::LinkEvents events;
    std::uint64_t session = 0;
    bool up = false;
    std::uint64_t dropped = 0;
    // Paho may still be inside a listener of a connection just dropped: the last ones stay alive.
    std::deque<std::shared_ptr<mqtt::iaction_listener>> listeners;
  };
  using CorePtr = std::shared_ptr<Core>;

  static void down(const CorePtr& core, std::uint64_t session, base::Fault fault,
                   std::string detail) {
    core->lane.post([core, session, fault, detail = std::move(detail)]() mutable {
      if (core->session != session) return;
      ++core->session;
      core->up = false;
      if (core->events.on_down) core->events.on_down({fault, std::move(detail)});
    });
  }

  class Action final : public mqtt::iaction_listener {
   public:
    Action(CorePtr core, std::uint64_t session, std::string what, std::function<void()> next)
        : core_(std::move(core)),
          session_(session),
          what_(std::move(what)),
          next_(std::move(next)) {}
    void on_failure(const mqtt::token& token) override {
      // 5: the broker refuses user or password; 4 and 2 likewise (MQTT 3.1.1 section 3.2.2.3).
      const int code = token.get_return_code();
      const bool refused = code == 4 || code == 5;
      down(core_, session_, refused ? base::Fault::reject : base::Fault::retry_later,
           what_ + (refused ? ": the broker refuses user or password. Check the password file"
                            : ": no connection (" + mqtt::exception::error_str(code) + ")"));
    }
    void on_success(const mqtt::token&) override {
      if (next_) next_();
    }

   private:
    CorePtr core_;
    std::uint64_t session_;
    std::string what_;
    std::function<void()> next_;
  };

  void listen(std::uint64_t session) {
    auto core = core_;
    client_->set_connection_lost_handler([core, session](const std::string& cause) {
      down(core, session, base::Fault::retry_later,
           "connection to the broker lost" + (cause.empty() ? "" : ": " + cause));
    });
    client_->set_message_callback([core, session](mqtt::const_message_ptr message) {
      core->lane.post([core, session, m = std::move(message)] {
        if (core->session != session || !core->events.on_message) return;
        core->events.on_message({m->get_topic(), m->to_string(), m->is_retained()});
      });
    });
  }

  void start(const ports::LinkOptions& options, std::uint64_t session) {
    mqtt::connect_options connect;
    connect.set_clean_session(true);
    connect.set_automatic_reconnect(false);
    connect.set_keep_alive_interval(static_cast<int>(options.keep_alive_s));
    connect.set_connect_timeout(kConnectTimeoutS);
    connect.set_max_inflight(kInFlightMax);
    if (!options.user.empty()) {
      connect.set_user_name(options.user);
      connect.set_password(options.password);  // never without a user (MQTT 3.1.1 section 3.1.2.9)
    }
    if (!options.will.topic.empty()) {
      connect.set_will(mqtt::will_options(options.will.topic, options.will.payload.data(),
                                          options.will.payload.size(), 1, true));
    }
    if (options.url.starts_with("ssl://") || options.url.starts_with("mqtts://")) {
      mqtt::ssl_options ssl;
      if (!options.ca_file.empty()) ssl.set_trust_store(options.ca_file);
      ssl.set_verify(true);
      connect.set_ssl(ssl);
    }
    auto core = core_;
    auto subscribed = [core, session] {
      core->lane.post([core, session] {
        if (core->session != session) return;
        core->up = true;
        if (core->events.on_up) core->events.on_up();
      });
    };
    const auto subscribe = keep(std::make_shared<Action>(core_, session, "subscribe", subscribed));
    auto topics = mqtt::string_collection::create(options.subscriptions);
    auto* client = client_.get();
    const auto connected = keep(std::make_shared<Action>(
        core_, session, "connect to " + options.url,
        [client, topics, subscribed, listener = subscribe.get(), port = port_of(options.url)] {
          set_no_delay_towards(port);
          if (topics->empty()) return subscribed();
          client->subscribe(topics, mqtt::iasync_client::qos_collection(topics->size(), 1), nullptr,
                            *listener);
        }));
    client_->connect(std::move(connect), nullptr, *connected);
  }

  std::shared_ptr<Action> keep(std::shared_ptr<Action> action) {
    core_->listeners.push_back(action);
    if (core_->listeners.size() > kListenersKept) core_->listeners.pop_front();
    return action;
  }

  void drop() {
    ++core_->session;
    core_->up = false;
    client_.reset();
  }

  CorePtr core_;
  std::unique_ptr<mqtt::async_client> client_;
};

}  // namespace

std::unique_ptr<ports::Link> make_paho_link(Lane& lane) { return std::make_unique<PahoLink>(lane); }

}  // namespace dockline::runtime
