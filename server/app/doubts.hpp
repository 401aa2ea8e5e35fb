// A fact that makes its turn fail would hold up its stream for ever: nothing of the turn is kept,
// so nothing is put aside, and the station sends it again. What lives here outlasts the App that is
// thrown away: after such a turn fewer facts of that station are taken at once, until the one is
// found that fails alone. It is parked like any other that cannot be digested.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"
#include "shared/sync/stream.hpp"

namespace dockline::server {

class Doubts {
 public:
  // Facts that one turn took from one stream.
  struct Taken {
    std::string station, inc;  // "site/station"
    sync::Seq first = 0, last = 0;
  };
  // How many new facts of this station one turn may take; nothing: any number.
  [[nodiscard]] std::optional<std::size_t> limit(const std::string& station) const;
  // Why this fact is to be parked; nothing: it is not in doubt.
  [[nodiscard]] std::optional<std::string> verdict(const std::string& station, std::string_view inc,
                                                   sync::Seq seq) const;
  // The turn that took them, and nothing else that could be to blame, could not be kept. A disk
  // that is full or refuses says nothing about the facts.
  void failed(const Taken& taken, const base::Error& why);
  void kept(const Taken& taken);

  // Parked facts that are tried again (after an upgrade, or by a person) may fail their turn as
  // well. May this one be tried in this turn? Alone, once it was in a turn that failed.
  enum class Again { yes, not_with_others, no };
  [[nodiscard]] Again again(std::int64_t parked);
  void turn_begins() { trying_.clear(); }
  void retries_failed(const base::Error& why);
  void retries_kept();

 private:
  struct Doubt {
    std::size_t limit = 1;
    std::string inc;  // of the fact that failed alone
    sync::Seq seq = 0;
    int times = 0;
    std::string why;
  };
  std::map<std::string, Doubt> by_station_;
  std::set<std::int64_t> trying_, suspects_, hopeless_;  // ids of parked facts
};

}  // namespace dockline::server
