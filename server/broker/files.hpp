// The files that a managed Mosquitto is given: configuration, accounts, topic rights. Pure text.
// Sources: mosquitto.conf(5) and mosquitto_passwd(1), Mosquitto 2.0; topics: PROTOCOL.md section 3.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace dockline::server::broker {

inline constexpr std::string_view kServerUser = "dockline-server";

struct StationAccount {
  std::string site, station;
  std::string password;  // a secret
  // '.' is no letter of a name, so "a-b"+"c" and "a"+"b-c" stay apart.
  [[nodiscard]] std::string user() const { return site + "." + station; }
};

struct BrokerFiles {
  std::string host = "127.0.0.1";
  int port = 1883;
  std::string folder;  // where the files below lie, absolute
  std::string run_as;  // account that Mosquitto keeps when started as root
};

[[nodiscard]] std::string conf_text(const BrokerFiles& files);
// Each station may write its own up and state, and read what is meant for it; the server may all.
[[nodiscard]] std::string acl_text(const std::vector<StationAccount>& stations);
// "user:password" lines, to be hashed in place by mosquitto_passwd -U before anybody reads them.
[[nodiscard]] std::string plain_accounts(const std::vector<StationAccount>& stations,
                                         std::string_view server_password);

}  // namespace dockline::server::broker
