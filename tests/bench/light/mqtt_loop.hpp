// Many MQTT connections in one thread: libmosquitto's state machines over one epoll. A client that
// shares no code with the product's link, light enough for thousands of connections and as fast a
// bare publisher or subscriber as there is on this machine.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct mosquitto;

namespace dockline::bench {

struct ClientOptions {
  std::string id, user, password;
  std::vector<std::string> topics;
  std::function<void()> on_up;  // connected and subscribed
  std::function<void(std::string_view topic, std::string_view payload, bool retained)> on_message;
  std::function<void()> on_sent;  // the broker confirmed one publish
};

class MqttLoop {
 public:
  MqttLoop(std::string host, int port);
  ~MqttLoop();
  MqttLoop(const MqttLoop&) = delete;
  MqttLoop& operator=(const MqttLoop&) = delete;

  // Connects; the handle serves publish(). Exits the program when the broker is not reached.
  std::size_t add(ClientOptions options);
  void publish(std::size_t client, const std::string& topic, std::string_view payload,
               bool retained = false);
  // Waits for traffic at most this long, works on it.
  void run_once(int wait_ms);

  [[nodiscard]] std::size_t up() const { return up_; }
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

  struct Client;

 private:
  void watch(Client& client);
  void work(Client& client, std::uint32_t events);

  std::string host_;
  int port_, epoll_ = -1;
  std::vector<std::unique_ptr<Client>> clients_;
  std::vector<Client*> touched_;
  std::size_t up_ = 0;
  std::uint64_t lost_ = 0;
  std::int64_t misc_ms_ = 0;
};

}  // namespace dockline::bench
