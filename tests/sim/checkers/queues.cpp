// After the calm every queue is drained: both streams of every station end at the same number on
// both sides, the outbox is empty, nothing waits to be routed again or imported.
#include <map>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

class Queues final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "queues"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>&) override {
    now_ms_ = at_ms;
    if (const auto* recorded = std::get_if<StationRecorded>(&seen)) {
      stations_[recorded->station] = {recorded->inc, recorded->last};
    } else if (const auto* asked = std::get_if<ChannelAsked>(&seen)) {
      if (asked->body.contains("query StockAudit")) ++audits_[asked->channel];
    } else if (std::holds_alternative<HubMishap>(seen)) {
      audits_.clear();  // what was read may be gone with the disk
    }
  }

 private:
  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    count(out,
          "SELECT count(*), min(channel || ' ' || kind || ' ' || key) FROM outbox WHERE state "
          "<> 'dead'",
          " rows wait in the outbox of channels, the first: ");
    count(out, "SELECT count(*), min(ord) FROM reroute", " orders wait to be routed again, first ");
    count(out, "SELECT count(*), min(file) FROM import_job WHERE state = 'running'",
          " imports are not done, the first: ");
    count(out,
          "SELECT count(*), min(key || ': ' || last_error) FROM outbox b WHERE state = 'dead' "
          "AND NOT EXISTS (SELECT 1 FROM p_exception e WHERE e.kind = 'dead_letter' AND "
          "e.subject = b.subject)",
          " dead letters have no exception, the first: ");
    listings(out);
    for (const auto& [station, path] : evidence.agent_dbs())
      both_ends(station, path, evidence, out);
  }

  // A shop that was read lists one thing without a SKU and one that nobody knows
  // (shops/vendure.cpp); else only what the office never entered is flawed there.
  void listings(std::vector<Violation>& out) {
    for (const auto& [channel, asked] : audits_) {
      if (asked < kAuditsMin) continue;
      std::string found;
      static_cast<void>(sql().each(
          "SELECT listing, flaw FROM listing_flaw WHERE channel = ?1 AND listing IN "
          "('odd-1', 'odd-2') ORDER BY listing",
          {channel}, [&](const Row& row) { found += row.str(0) + " " + row.str(1) + ";"; }));
      if (found == "odd-1 no_sku;odd-2 unknown_sku;") continue;
      say(out, "Channel " + channel + " was read " + std::to_string(asked) +
                   " times and shows two flawed listings; kept are: " + found);
    }
  }

  void count(std::vector<Violation>& out, std::string_view query, const std::string& what) {
    static_cast<void>(sql().each(query, {}, [&](const Row& row) {
      if (row.integer(0) > 0) say(out, std::to_string(row.integer(0)) + what + row.str(1) + ".");
    }));
  }

  void both_ends(const std::string& station, const std::string& path, const Evidence& evidence,
                 std::vector<Violation>& out) {
    Sql agent;
    std::string inc, down_inc, chain, down_chain;
    std::int64_t last = -1, down = -1;
    const bool read =
        agent.open(path, evidence.vfs()) &&
        agent.each("SELECT up_inc, up_last, up_last_chain FROM live WHERE up_inc IS NOT NULL", {},
                   [&](const Row& row) {
                     inc = row.str(0);
                     last = row.integer(1);
                     chain = row.str(2);
                   }) &&
        agent.each("SELECT inc, through, chain FROM down_cursor WHERE closed = 0 ORDER BY place",
                   {}, [&](const Row& row) {
                     down_inc = row.str(0);
                     down = row.integer(1);
                     down_chain = row.str(2);
                   });
    if (!read) {
      say(out, "agent.db of " + station + " cannot be read: " + agent.trouble());
      return;
    }
    if (last < 0) return;  // it never recorded anything
    upward(station, inc, last, chain, out);
    static_cast<void>(sql().each(
        "SELECT inc, last, last_chain FROM stream_out WHERE site || '/' || station = ?1", {station},
        [&](const Row& row) {
          if (row.str(0) == down_inc && row.integer(1) == down && row.text(2) == down_chain) return;
          say(out, "The server's stream to " + station + " ends at " +
                       std::to_string(row.integer(1)) + " of " + row.str(0) +
                       ", the station took " + std::to_string(down) + " of " + down_inc + ".");
        }));
  }

  void upward(const std::string& station, const std::string& inc, std::int64_t last,
              const std::string& chain, std::vector<Violation>& out) {
    const auto seen = stations_.find(station);
    if (seen != stations_.end() && seen->second.first == inc &&
        static_cast<std::int64_t>(seen->second.second) > last) {
      say(out, station + " had durably recorded " + std::to_string(seen->second.second) +
                   " facts, its disk has " + std::to_string(last) + ".");
    }
    bool there = false;
    static_cast<void>(sql().each(
        "SELECT through, chain FROM stream_in WHERE site || '/' || station = ?1 AND inc = ?2",
        {station, inc}, [&](const Row& row) {
          there = row.integer(0) == last && row.text(1) == chain;
          if (there) return;
          there = true;
          say(out, station + " recorded " + std::to_string(last) + " facts (" + inc +
                       "), the server's cursor stands at " + std::to_string(row.integer(0)) +
                       (row.integer(0) == last ? " of another history." : "."));
        }));
    if (!there) say(out, "The server does not know incarnation " + inc + " of " + station + ".");
  }

  std::map<std::string, std::pair<std::string, std::uint64_t>> stations_;
  // Requests may be lost, also in the calm's first minutes: of so many one was answered.
  static constexpr int kAuditsMin = 6;
  std::map<std::string, int> audits_;  // by channel, since the server last died
};

}  // namespace

OneChecker make_queues(std::shared_ptr<Log> log) {
  return std::make_unique<Queues>(std::move(log));
}

}  // namespace dockline::sim
