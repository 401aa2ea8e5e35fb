// TCP_NODELAY for sockets that a library opened and hides.
//
// Paho C 1.3 offers no such option. Without it, a PUBACK followed by a PUBLISH on the same
// connection waits for the peer's delayed acknowledgement: 40 ms on Linux, seen on every hop
// (tests/bench/path_limit: p50 41 ms without, under 2 ms with).
#pragma once

namespace dockline::runtime {

// Every connected TCP socket of this process whose peer has this port.
void set_no_delay_towards(int port);

}  // namespace dockline::runtime
