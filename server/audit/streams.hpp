// Private to server/audit: the streams from and to the stations. Facts of an incarnation are looked
// for by where they were born (dlinc, dlseq): in the log, parked, or inside a gap that was raised.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/audit/fact.hpp"
#include "server/audit/fold.hpp"
#include "server/audit/impl.hpp"

namespace dockline::server::audit {

using Chain = std::array<std::uint8_t, 16>;
[[nodiscard]] Chain chain_start(std::string_view inc);
[[nodiscard]] Chain chain_next(const Chain& before, std::string_view bytes);

class Streams {
 public:
  Streams(Report& report, Findings& findings) : report_(report), findings_(findings) {}

  // First: what was parked. Then every fact of the log, then finish().
  [[nodiscard]] base::Status load(sqlite::Db& db);
  void take(std::int64_t position, const Fact& fact, std::string_view bytes);
  void finish(const Fold& fold);
  // The streams to the stations: rows, numbers and chains.
  [[nodiscard]] base::Status check_out(sqlite::Db& db);

  struct In {
    std::int64_t through = 0, gap_through = 0, safe = 0, place = 0;
    Chain chain{};
  };
  // Cursor of an up stream, for the stations' own files.
  [[nodiscard]] const In* cursor(const std::string& bench, const std::string& inc) const;

 private:
  // What was seen of one incarnation: everything from `first` to `next` - 1, and pieces beyond it.
  struct Seen {
    std::int64_t first = 0, next = 0, count = 0, through = 0;
    bool chained = true;  // the chain covers all of 1..next-1
    Chain chain{}, at_cursor{};
    std::vector<std::pair<std::int64_t, std::string>> twice;  // number, place
    std::map<std::int64_t, std::string> ahead;
    std::map<std::int64_t, std::int64_t> holes;  // first -> last
  };
  using Key = std::pair<std::string, std::string>;  // "site/station", incarnation

  void add(const Key& key, std::int64_t seq, std::string_view bytes, std::int64_t row,
           const char* kind);
  void step(Seen& seen, std::string_view bytes);
  void drain(Seen& seen);
  void skip_hole(Seen& seen);
  [[nodiscard]] bool forked(const Key& key) const;  // its station has more than one incarnation
  void judge(const Key& key, const In& in, Seen& seen, const Fold& fold);
  void judge_end(const std::string& place, const In& in, const Seen& seen, bool forks);

  Report& report_;
  Findings& findings_;
  std::map<Key, In> cursors_;
  std::map<Key, Seen> seen_;
  // Parked facts of a forked station that say nothing of where they were born: a fork sends them
  // again under another number. By "site/station".
  std::map<std::string, std::int64_t> nameless_;
  std::set<std::int64_t> applied_;  // positions of facts that had been parked
};

}  // namespace dockline::server::audit
