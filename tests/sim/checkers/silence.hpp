// Which stations are silent, and what of a site's offline quota is theirs: each site's quota is
// split evenly between the stations that were heard once and are not written off, what division
// leaves goes to the first by name, and a silent one keeps its part whatever is sold meanwhile.
//
// The server's own clock says when a station is silent. A station counts as silent for certain when
// its stamp has not risen for as long, but for what that clock was set by; and as silent perhaps
// when it may be by its stamp. A clock that is set while the server is off says nothing of how long
// that was: what was seen before is forgotten then.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "tests/sim/checkers/sql.hpp"

namespace dockline::sim {

class Silence {
 public:
  // The server's clock was set: what a station was heard at moves along, and who was silent is.
  void clock_set(std::int64_t by_ms) {
    set_by_ms_ += by_ms;
    set_unseen_ = true;
  }
  // Table `station` as it is. False: it cannot be read now.
  [[nodiscard]] bool read(Sql& sql, std::int64_t now_ms);

  // Pieces of a site's quota that nobody may be promised: the parts of the stations that have been
  // silent for longer than a figure from before can be under way (`settle_ms`).
  [[nodiscard]] std::int64_t least_kept(const std::string& site, std::int64_t quota,
                                        std::int64_t settle_ms) const;
  // At rest, with every stamp read just now. `least`: the parts of those that are silent; `most`:
  // of those too that may be. A silent one may be expected to have used more than its part: in each
  // day at most what it ever took off the shelf beside orders, in all. Nothing: try later.
  struct Kept {
    std::int64_t least = 0, most = 0;
  };
  [[nodiscard]] std::optional<Kept> kept_at_rest(Sql& sql, const std::string& site,
                                                 const std::string& sku, std::int64_t quota) const;

 private:
  struct Station {
    std::int64_t heard_ms = 0;     // by the server's clock
    std::int64_t unset_ms = 0;     // the same, had that clock never been set
    std::int64_t heard_at_ms = 0;  // when that was first seen, by the world's
  };
  struct Site {
    std::map<std::string, Station> stations;  // by name
    std::int64_t since_ms = 0;                // these are its stations
  };
  [[nodiscard]] static std::int64_t part(std::int64_t quota, std::size_t stations, bool first);
  [[nodiscard]] static std::optional<std::int64_t> used_beside_orders(Sql& sql,
                                                                      const std::string& site,
                                                                      const std::string& station,
                                                                      const std::string& sku);

  std::map<std::string, Site> sites_;
  std::int64_t now_ms_ = 0, seen_from_ms_ = 0;
  std::int64_t boot_ = 0;       // of the server, as it was read last
  std::int64_t set_by_ms_ = 0;  // the server's clock, in all
  bool set_unseen_ = false;     // it may have been off then
};

}  // namespace dockline::sim
