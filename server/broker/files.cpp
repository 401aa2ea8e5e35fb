#include "server/broker/files.hpp"

namespace dockline::server::broker {

std::string conf_text(const BrokerFiles& files) {
  return "# Written by dockline-server at each start: changes here are lost.\n"
         "listener " +
         std::to_string(files.port) + " " + files.host +
         "\n"
         "user " +
         files.run_as +
         "\n"
         "allow_anonymous false\n"
         "password_file " +
         files.folder +
         "/accounts\n"
         "acl_file " +
         files.folder +
         "/acl\n"
         // A pipe, not a store: whatever it holds may be lost at any moment.
         "persistence false\n"
         "retain_available true\n"
         "set_tcp_nodelay true\n"
         "max_inflight_messages 1000\n"
         "max_queued_messages 20000\n"
         "max_queued_bytes 67108864\n"
         "message_size_limit 131072\n"
         "sys_interval 0\n"
         "log_dest stderr\nlog_type error\nlog_type warning\nlog_type notice\n"
         "log_timestamp_format %Y-%m-%dT%H:%M:%S\n";
}

std::string acl_text(const std::vector<StationAccount>& stations) {
  std::string out = "user " + std::string(kServerUser) + "\ntopic readwrite dockline/v1/#\n";
  for (const auto& s : stations) {
    const std::string own = "dockline/v1/" + s.site + "/" + s.station + "/";
    out += "\nuser " + s.user() + "\n";
    out += "topic write " + own + "up\n";
    out += "topic read " + own + "up-ack\n";
    out += "topic read " + own + "down\n";
    out += "topic write " + own + "down-ack\n";
    out += "topic readwrite " + own + "state\n";
    out += "topic read dockline/v1/server/state\n";
  }
  return out;
}

std::string plain_accounts(const std::vector<StationAccount>& stations,
                           std::string_view server_password) {
  std::string out = std::string(kServerUser) + ":" + std::string(server_password) + "\n";
  for (const auto& s : stations) out += s.user() + ":" + s.password + "\n";
  return out;
}

}  // namespace dockline::server::broker
