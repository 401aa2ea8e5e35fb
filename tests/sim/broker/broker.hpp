// A broker and the network to it, as far as programs can tell: MQTT with clean sessions, QoS 1,
// retained messages, last wills, access by station, over connections that delay, lose, double,
// reorder, break and hang.
//
// Faults of the network apply to what crosses it; what a real MQTT connection never does (reorder
// within a connection) is still drawn in some runs, because the protocol promises to stand it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "shared/ports/link.hpp"
#include "tests/sim/world/world.hpp"

namespace dockline::sim {

struct NetFaults {
  std::int64_t delay_min_ms = 1, delay_max_ms = 5;
  std::uint32_t lose_per_mille = 0;     // a message vanishes
  std::uint32_t double_per_mille = 0;   // comes twice, the second a while later
  std::uint32_t reorder_per_mille = 0;  // may overtake those before it
  std::uint32_t break_per_mille = 0;    // this message also ends the connection
  std::int64_t keep_alive_ms = 22'500;  // a half-open link is noticed after this
};

enum class Reach {
  open,
  cut,   // no connect; a connection in place is noticed dead after keep_alive_ms
  deaf,  // what the broker sends does not arrive; the other way works
  mute,  // what the computer sends does not arrive; the other way works
};

class Broker {
 public:
  Broker(World& world, NetFaults faults);
  ~Broker();
  Broker(const Broker&) = delete;
  Broker& operator=(const Broker&) = delete;

  // One per program run. Destroying it is the death of its process: the broker notices at once
  // (TCP reset) and sends the will; after computer_lost() it notices after the keep-alive.
  [[nodiscard]] std::unique_ptr<ports::Link> link(std::string computer);

  void set_faults(const NetFaults& faults);
  void set_reach(std::string_view computer, Reach reach);
  void computer_lost(std::string_view computer);  // power cut: no TCP reset
  // Every connection ends and nothing can connect until start(). Retained messages are forgotten
  // unless they were kept.
  void stop(bool keep_retained);
  void start();
  [[nodiscard]] bool running() const;

  // Hears what programs publish (sent) and what reaches them.
  using Tap = std::function<void(bool sent, const std::string& computer,
                                 const ports::LinkMessage& message)>;
  void listen(Tap tap);

  struct Counters {
    std::uint64_t connects = 0, published = 0, delivered = 0, lost = 0, doubled = 0, reordered = 0,
                  wills = 0, refused = 0;
  };
  [[nodiscard]] const Counters& counters() const;
  [[nodiscard]] std::size_t in_flight() const;  // messages on the way

  struct Impl;  // private to tests/sim/broker

 private:
  std::shared_ptr<Impl> impl_;
};

}  // namespace dockline::sim
