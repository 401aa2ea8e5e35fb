// One MQTT connection. Clean session always, no library persistence, no automatic reconnect, no
// sending while offline (PROTOCOL.md section 19): the owner decides when to connect again.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "shared/base/result.hpp"

namespace dockline::ports {

struct LinkMessage {
  std::string topic;
  std::string payload;
  bool retained = false;
};

struct LinkWill {
  std::string topic;
  std::string payload;  // sent retained, QoS 1
};

struct LinkOptions {
  std::string url;  // tcp://host:port or ssl://host:port
  std::string client_id;
  std::string user;
  std::string password;  // a secret: never logged
  std::string ca_file;   // ssl only; empty = the system's
  std::int64_t keep_alive_s = 15;
  std::vector<std::string> subscriptions;  // QoS 1, sent right after the connect
  LinkWill will;
};

// Called on the owner's lane.
struct LinkEvents {
  std::function<void()> on_up;                   // connected and subscribed
  std::function<void(base::Error why)> on_down;  // once per connect(), also when it failed
  std::function<void(LinkMessage)> on_message;
};

class Link {
 public:
  virtual ~Link() = default;
  virtual void connect(LinkOptions options, LinkEvents events) = 0;
  // QoS 1. Fire and forget: the sync protocol repeats what matters. Dropped while not up.
  virtual void publish(LinkMessage message) = 0;
  virtual void disconnect() = 0;  // graceful: no will is sent, no on_down follows
};

}  // namespace dockline::ports
