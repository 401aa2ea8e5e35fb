#include "server/audit/streams.hpp"

#include <algorithm>
#include <optional>

#include "shared/base/bytes.hpp"

namespace dockline::server::audit {
namespace {

constexpr std::size_t kAheadMax = 20'000;  // facts held back for one incarnation

Chain half(const base::Digest& digest) {
  Chain chain{};
  std::copy_n(digest.begin(), chain.size(), chain.begin());
  return chain;
}

Chain chain_of(std::string_view blob) {
  Chain chain{};
  if (blob.size() == chain.size()) std::copy(blob.begin(), blob.end(), chain.begin());
  return chain;
}

std::string range(std::int64_t from, std::int64_t to) {
  return from == to ? "Fact " + str(from) : "Facts " + str(from) + " to " + str(to);
}

constexpr const char* kLost =
    "Keep this file and the station's agent.db; start the station: it sends what it still has. "
    "What it no longer has is lost: count the shelf and compare its last boxes.";

}  // namespace

Chain chain_start(std::string_view inc) { return half(base::sha256("dockline-1", inc)); }

Chain chain_next(const Chain& before, std::string_view bytes) {
  const std::string_view view(reinterpret_cast<const char*>(before.data()), before.size());
  return half(base::sha256(view, bytes));
}

base::Status Streams::load(sqlite::Db& db) {
  auto ok = each_row(
      db, "SELECT site, station, inc, through, gap_through, safe, place, chain FROM stream_in",
      [&](const sqlite::Statement& s) {
        const Key key{s.str(0) + "/" + s.str(1), s.str(2)};
        cursors_[key] = {s.integer(3), s.integer(4), s.integer(5), s.integer(6),
                         chain_of(s.blob(7))};
        if (s.integer(5) > s.integer(3)) {
          findings_.add("streams", "stream_in " + key.first + " " + key.second,
                        "The safe mark " + str(s.integer(5)) + " is beyond the cursor " +
                            str(s.integer(3)) + ".",
                        "The station may have trimmed facts that no backup holds. Make a backup "
                        "now (dockline backup) and do not restore an older one.");
        }
      });
  if (!ok) return ok;
  Fact fact;
  return each_row(db,
                  "SELECT id, site, station, inc, seq, bytes, state, position FROM parked "
                  "ORDER BY site, station, inc, seq",
                  [&](const sqlite::Statement& s) {
                    ++report_.parked;
                    read_fact(s.blob(5), fact);
                    const bool born = fact.readable && !fact.inc.empty() && fact.seq > 0;
                    if (!born && forked({s.str(1) + "/" + s.str(2), s.str(3)})) {
                      ++nameless_[s.str(1) + "/" + s.str(2)];
                      return;
                    }
                    add({s.str(1) + "/" + s.str(2), born ? fact.inc : s.str(3)},
                        born ? fact.seq : s.integer(4), s.blob(5), s.integer(0), "parked row");
                  });
}

bool Streams::forked(const Key& key) const {
  const auto mine = cursors_.lower_bound({key.first, ""});
  return mine != cursors_.end() && std::next(mine) != cursors_.end() &&
         std::next(mine)->first.first == key.first;
}

void Streams::take(std::int64_t position, const Fact& fact, std::string_view bytes) {
  if (fact.inc.empty() || fact.source == "/server" || fact.source.size() < 2) return;
  if (applied_.contains(position)) return;
  add({fact.source.substr(1), fact.inc}, fact.seq, bytes, position, "event");
}

void Streams::add(const Key& key, std::int64_t seq, std::string_view bytes, std::int64_t row,
                  const char* kind) {
  auto [at, fresh] = seen_.try_emplace(key);
  Seen& seen = at->second;
  if (fresh) {
    const auto* in = cursor(key.first, key.second);
    seen.through = in == nullptr ? 0 : in->through;
    seen.chain = seen.at_cursor = chain_start(key.second);
    seen.next = 1;
    seen.first = seq;
  }
  ++seen.count;
  seen.first = std::min(seen.first, seq);
  if (seq == seen.next && seen.ahead.empty()) return step(seen, bytes);
  const bool hole = std::any_of(seen.holes.begin(), seen.holes.end(),
                                [&](const auto& h) { return seq >= h.first && seq <= h.second; });
  if ((seq < seen.next && !hole) || !seen.ahead.try_emplace(seq, bytes).second) {
    if (seen.twice.size() < kFindingsOfACheckMax) {
      seen.twice.emplace_back(seq, std::string(kind) + " " + str(row));
    }
    return;
  }
  drain(seen);
  // Nothing will fill this hole: go on behind it.
  if (seen.ahead.size() > kAheadMax) skip_hole(seen);
}

void Streams::step(Seen& seen, std::string_view bytes) {
  seen.chain = chain_next(seen.chain, bytes);
  if (seen.next == seen.through) seen.at_cursor = seen.chain;
  ++seen.next;
}

void Streams::drain(Seen& seen) {
  for (auto at = seen.ahead.begin(); at != seen.ahead.end() && at->first <= seen.next;) {
    if (at->first == seen.next) step(seen, at->second);
    at = seen.ahead.erase(at);
  }
}

void Streams::skip_hole(Seen& seen) {
  seen.holes[seen.next] = seen.ahead.begin()->first - 1;
  seen.next = seen.ahead.begin()->first;
  seen.chained = false;
  drain(seen);
}

void Streams::finish(const Fold& fold) {
  report_.streams = static_cast<std::int64_t>(cursors_.size());
  for (auto& [key, in] : cursors_) {
    auto [at, fresh] = seen_.try_emplace(key);
    if (fresh) {
      at->second.next = at->second.first = 1;
      at->second.through = in.through;
      at->second.chain = at->second.at_cursor = chain_start(key.second);
    }
    judge(key, in, at->second, fold);
  }
  for (const auto& [key, seen] : seen_) {
    if (cursors_.contains(key)) continue;
    findings_.add("streams", "stream " + key.first + " " + key.second,
                  str(seen.count) + " facts of this stream are kept, but it has no cursor.",
                  "The station would send them all again under it: restore the newest backup that "
                  "audits clean.");
  }
}

void Streams::judge(const Key& key, const In& in, Seen& seen, const Fold& fold) {
  const std::string place = "stream " + key.first + " " + key.second;
  const bool forks = forked(key);
  bool gap_raised = false;
  for (const auto& [id, c] : fold.cases) {
    gap_raised =
        gap_raised || (c.kind == "gap" && c.subject.starts_with(key.first + "#" + key.second));
  }
  // A forked incarnation begins with older facts sent again: those were born elsewhere.
  if (forks && in.place > 1 && seen.first > 1) {
    seen.chained = false;
    findings_.note(place + ": numbers 1 to " + str(seen.first - 1) +
                   " were facts of an older incarnation sent again; its chain is not recomputed.");
    seen.next = seen.first;
    drain(seen);
  }
  while (!seen.ahead.empty()) skip_hole(seen);
  if (seen.next <= in.through && !(in.place > 1 && seen.count == 0)) {
    seen.holes[seen.next] = in.through;
    seen.chained = false;
  }
  for (const auto& [from, to] : seen.holes) {
    if (to <= in.gap_through && gap_raised) continue;
    if (auto& nameless = nameless_[key.first]; to - from < nameless) {
      nameless -= to - from + 1;
      findings_.note(place + ": " + range(from, to) +
                     " may be what is parked of this station and cannot be read: it came by "
                     "another stream than the one it was born in.");
      continue;
    }
    findings_.add("streams", place,
                  range(from, to) + " were acknowledged (cursor " + str(in.through) +
                      ") and are neither in the log, nor parked, nor inside a reported gap.",
                  kLost);
  }
  judge_end(place, in, seen, forks);
}

// A disk restored from an image numbers on from the image: two facts may be born under one number,
// and facts of an old stream may arrive by a new one. Then number alone proves nothing.
void Streams::judge_end(const std::string& place, const In& in, const Seen& seen, bool forks) {
  for (const auto& [seq, where] : seen.twice) {
    if (forks) continue;
    findings_.add("streams", where + ", " + place, "Fact " + str(seq) + " is there twice.",
                  "One of the two was applied a second time: compare both events, correct what "
                  "the second one booked (stock adjust) and send the file to the support.");
  }
  const std::int64_t last = seen.next - 1;
  if (last > std::max(in.through, in.gap_through) && seen.count > 0 && !forks) {
    findings_.add(
        "streams", place,
        "The log holds facts up to " + str(last) + ", the cursor says " + str(in.through) + ".",
        "The station would send them again (they are not applied twice, their ids are "
        "known). Restart the server; if it stays, restore the newest backup.");
  }
  if (!seen.chained || (forks && !seen.twice.empty())) return;
  if (last < in.through || seen.at_cursor == in.chain) return;
  findings_.add("streams", place,
                "The chain of facts 1 to " + str(in.through) +
                    " is not the one the cursor holds: bytes of a fact were changed, or the "
                    "cursor was.",
                "Compare with the station's agent.db (--agent-db) to see which fact differs; "
                "restore the newest backup that audits clean.");
}

const Streams::In* Streams::cursor(const std::string& bench, const std::string& inc) const {
  const auto at = cursors_.find({bench, inc});
  return at == cursors_.end() ? nullptr : &at->second;
}

base::Status Streams::check_out(sqlite::Db& db) {
  struct Out {
    std::string inc;
    std::int64_t base = 0, last = 0, next = 0;
    Chain chain{}, end{};
  };
  std::map<std::string, Out> outs;
  auto ok =
      each_row(db, "SELECT site, station, inc, base, base_chain, last, last_chain FROM stream_out",
               [&](const sqlite::Statement& s) {
                 outs[s.str(0) + "/" + s.str(1)] = {
                     s.str(2),         s.integer(3),        s.integer(5),
                     s.integer(3) + 1, chain_of(s.blob(4)), chain_of(s.blob(6))};
               });
  if (!ok) return ok;
  const std::string remedy =
      "The station can not be told what is missing here. Restore the newest backup that audits "
      "clean; the stations then get a new stream by themselves.";
  ok = each_row(db,
                "SELECT site, station, seq, bytes, chain FROM stream_out_row "
                "ORDER BY site, station, seq",
                [&](const sqlite::Statement& s) {
                  const std::string bench = s.str(0) + "/" + s.str(1);
                  const auto at = outs.find(bench);
                  const std::string place = "stream_out_row " + bench + " " + str(s.integer(2));
                  if (at == outs.end()) {
                    findings_.add("streams", place, "This row belongs to no stream.", remedy);
                    return;
                  }
                  Out& out = at->second;
                  if (s.integer(2) != out.next) {
                    findings_.add("streams", place,
                                  range(out.next, s.integer(2) - 1) + " for " + bench +
                                      " is missing between the rows kept.",
                                  remedy);
                    out.next = s.integer(2);
                    out.chain = chain_of(s.blob(4));
                  } else {
                    out.chain = chain_next(out.chain, s.blob(3));
                    if (out.chain != chain_of(s.blob(4))) {
                      findings_.add("streams", place,
                                    "The chain does not fit the bytes of this row.", remedy);
                      out.chain = chain_of(s.blob(4));
                    }
                  }
                  ++out.next;
                });
  if (!ok) return ok;
  for (const auto& [bench, out] : outs) {
    if (out.next == out.last + 1 && out.chain == out.end) continue;
    findings_.add("streams", "stream_out " + bench + " " + out.inc,
                  "The stream says its last row is " + str(out.last) + ", the rows end at " +
                      str(out.next - 1) + (out.next == out.last + 1 ? " with another chain." : "."),
                  remedy);
  }
  return {};
}

}  // namespace dockline::server::audit
