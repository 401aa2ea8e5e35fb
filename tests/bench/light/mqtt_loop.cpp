#include "tests/bench/light/mqtt_loop.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include <mosquitto.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace dockline::bench {
namespace {

constexpr int kKeepAliveS = 60, kPacketsPerRead = 256;

[[noreturn]] void die(const char* what, int code) {
  std::fprintf(stderr, "light client: %s: %s\n", what, mosquitto_strerror(code));
  std::exit(1);
}

std::int64_t now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace

struct MqttLoop::Client {
  MqttLoop* loop = nullptr;
  ClientOptions options;
  mosquitto* handle = nullptr;
  int fd = -1;
  bool up = false, writing = false, touched = false;
  std::size_t subscribed = 0;

  static void on_connect(mosquitto* m, void* self, int code) {
    auto& c = *static_cast<Client*>(self);
    if (code != 0) {
      std::fprintf(stderr, "light client %s: the broker refuses (%d)\n", c.options.id.c_str(),
                   code);
      std::exit(1);
    }
    for (const auto& topic : c.options.topics) mosquitto_subscribe(m, nullptr, topic.c_str(), 1);
    if (c.options.topics.empty()) c.risen();
  }
  static void on_subscribe(mosquitto*, void* self, int, int, const int*) {
    auto& c = *static_cast<Client*>(self);
    if (++c.subscribed == c.options.topics.size()) c.risen();
  }
  static void on_message(mosquitto*, void* self, const mosquitto_message* m) {
    auto& c = *static_cast<Client*>(self);
    if (!c.options.on_message) return;
    const auto size = static_cast<std::size_t>(m->payloadlen);
    c.options.on_message(m->topic, {static_cast<const char*>(m->payload), size}, m->retain);
  }
  static void on_publish(mosquitto*, void* self, int) {
    auto& c = *static_cast<Client*>(self);
    if (c.options.on_sent) c.options.on_sent();
  }
  void risen() {
    up = true;
    ++loop->up_;
    if (options.on_up) options.on_up();
  }
};

MqttLoop::MqttLoop(std::string host, int port)
    : host_(std::move(host)), port_(port), epoll_(epoll_create1(0)) {
  mosquitto_lib_init();
}

MqttLoop::~MqttLoop() {
  for (auto& c : clients_) {
    mosquitto_disconnect(c->handle);
    mosquitto_destroy(c->handle);
  }
  ::close(epoll_);
}

std::size_t MqttLoop::add(ClientOptions options) {
  auto made = std::make_unique<Client>();
  Client& c = *made;
  c.loop = this;
  c.options = std::move(options);
  c.handle = mosquitto_new(c.options.id.c_str(), true, &c);
  if (c.handle == nullptr) die("new", MOSQ_ERR_NOMEM);
  mosquitto_username_pw_set(c.handle, c.options.user.c_str(), c.options.password.c_str());
  mosquitto_int_option(c.handle, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto_max_inflight_messages_set(c.handle, 0);  // whoever publishes keeps its own window
  mosquitto_connect_callback_set(c.handle, &Client::on_connect);
  mosquitto_subscribe_callback_set(c.handle, &Client::on_subscribe);
  mosquitto_message_callback_set(c.handle, &Client::on_message);
  mosquitto_publish_callback_set(c.handle, &Client::on_publish);
  const int code = mosquitto_connect(c.handle, host_.c_str(), port_, kKeepAliveS);
  if (code != MOSQ_ERR_SUCCESS) die(("connect to " + host_).c_str(), code);
  c.fd = mosquitto_socket(c.handle);
  epoll_event event{.events = EPOLLIN, .data = {.ptr = &c}};
  epoll_ctl(epoll_, EPOLL_CTL_ADD, c.fd, &event);
  clients_.push_back(std::move(made));
  return clients_.size() - 1;
}

void MqttLoop::publish(std::size_t client, const std::string& topic, std::string_view payload,
                       bool retained) {
  Client& c = *clients_[client];
  const int code = mosquitto_publish(c.handle, nullptr, topic.c_str(),
                                     static_cast<int>(payload.size()), payload.data(), 1, retained);
  if (code != MOSQ_ERR_SUCCESS) ++lost_;
  if (c.touched) return;
  c.touched = true;
  touched_.push_back(&c);
}

// Asks epoll for room to write only while something is left to write.
void MqttLoop::watch(Client& c) {
  c.touched = false;
  const bool wants = mosquitto_want_write(c.handle);
  if (wants == c.writing) return;
  c.writing = wants;
  epoll_event event{.events = EPOLLIN | (wants ? std::uint32_t{EPOLLOUT} : 0U),
                    .data = {.ptr = &c}};
  epoll_ctl(epoll_, EPOLL_CTL_MOD, c.fd, &event);
}

void MqttLoop::work(Client& c, std::uint32_t events) {
  int code = MOSQ_ERR_SUCCESS;
  if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) {
    code = mosquitto_loop_read(c.handle, kPacketsPerRead);
  }
  if (code == MOSQ_ERR_SUCCESS && (events & EPOLLOUT) != 0) {
    code = mosquitto_loop_write(c.handle, kPacketsPerRead);
  }
  if (code != MOSQ_ERR_SUCCESS) die(("connection of " + c.options.id).c_str(), code);
  watch(c);
}

void MqttLoop::run_once(int wait_ms) {
  while (!touched_.empty()) {
    Client* c = touched_.back();
    touched_.pop_back();
    watch(*c);
  }
  std::array<epoll_event, 256> events;
  const int n = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), wait_ms);
  for (int i = 0; i < n; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    work(*static_cast<Client*>(event.data.ptr), event.events);
  }
  if (now_ms() - misc_ms_ < 1'000) return;
  misc_ms_ = now_ms();
  for (auto& c : clients_) mosquitto_loop_misc(c->handle);
}

}  // namespace dockline::bench
