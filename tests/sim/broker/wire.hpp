// One TCP connection between a computer and the broker, in two directions that keep order. What is
// written while the way is cut waits, as in TCP's buffers, and comes after all if the way opens
// before someone gives the connection up.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

#include "tests/sim/broker/broker.hpp"
#include "tests/sim/world/world.hpp"

namespace dockline::sim {

// What one direction still carries.
struct Way {
  bool cut = false;
  std::int64_t cut_since_ms = 0;
  std::int64_t last_arrival_ms = 0;  // nothing that follows comes before this
  std::size_t carried = 0;           // on the way right now
  std::deque<std::function<void()>> held;
};

struct Connection {
  std::string computer;
  ports::LinkOptions options;
  ports::LinkEvents events;  // emptied when the process drops it: nothing reaches it any more
  Way up, down;              // towards the broker, towards the computer
  bool client_open = true;   // the process believes in it
  bool broker_open = false;  // the broker has accepted it
  bool subscribed = false;
  std::size_t queued = 0;  // messages for the computer, not delivered yet
};

// "dockline/v1/+/+/up" against a topic (MQTT 3.1.1 section 4.7).
[[nodiscard]] bool topic_fits(std::string_view filter, std::string_view topic);
// What server/broker's access list allows (a station: its own topics). An empty user: everything.
[[nodiscard]] bool may_write(std::string_view user, std::string_view topic);
[[nodiscard]] bool may_read(std::string_view user, std::string_view topic);

}  // namespace dockline::sim
