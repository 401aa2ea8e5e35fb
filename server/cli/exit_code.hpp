// What the program's exit status means; `dockline --help` prints this table.
#pragma once

namespace dockline::server::cli {

enum class Exit : int {
  ok = 0,
  no = 1,           // the answer is "no": the replay differs, the server is not healthy
  usage = 2,        // the command line cannot be understood
  unreachable = 3,  // no answer from the server
  not_allowed = 4,  // no token, or a wrong one
  not_found = 5,
  refused = 6,       // the server or this program refused the input
  server_error = 7,  // the server failed
};

inline constexpr const char* kExitHelp =
    "Exit codes: 0 done; 1 the answer is \"no\" (replay differs, server not healthy); 2 command "
    "line "
    "not understood;\n3 server not reachable; 4 not allowed (token); 5 not found; 6 input refused; "
    "7 server error.";

}  // namespace dockline::server::cli
