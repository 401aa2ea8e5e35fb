// A world for checker tests: files with just the columns that checkers read, and one checker that
// is told what happened. Tests only.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <sqlite3.h>
#include <unistd.h>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim::testing {

inline constexpr const char* kServer = R"(
CREATE TABLE events(position INTEGER PRIMARY KEY, id TEXT, body BLOB, time_ms DEFAULT 0,
  heard_ms DEFAULT 1000000);
CREATE TABLE parked(id INTEGER PRIMARY KEY, site, station, inc, seq, why, bytes BLOB);
CREATE TABLE stream_in(site, station, inc, through, chain, gap_through, place);
CREATE TABLE stream_out(site, station, inc, last, last_chain);
CREATE TABLE p_order(ord INTEGER PRIMARY KEY, id, channel, number, state);
CREATE TABLE p_line(ord, line, sku, quantity, open DEFAULT 0, backordered DEFAULT 0,
  allocated DEFAULT 0, released DEFAULT 0, packed DEFAULT 0, shipped DEFAULT 0,
  delivered DEFAULT 0, cancelled DEFAULT 0, returned DEFAULT 0);
CREATE TABLE p_reservation(ord, line, site, lease, sku, quantity);
CREATE TABLE p_balance(sku, place, quantity);
CREATE TABLE p_move(position, n, sku, quantity, from_place, to_place, reason);
CREATE TABLE p_bin_stock(sku, site, bin, quantity);
CREATE TABLE p_lease(lease, ord, epoch, site, station, state, tracking);
CREATE TABLE p_parcel(lease, line, sku, quantity, accepted);
CREATE TABLE p_policy(sku, site, channel, safety, quota, share_pm, buffer, cap, position);
CREATE TABLE p_kit(kit, part, pieces);
CREATE TABLE p_handover(box, state);
CREATE TABLE p_lot(sku, place, quantity);
CREATE TABLE p_told(channel, sku, location, quantity);
CREATE TABLE p_decision(position);
CREATE TABLE p_exception(id, kind, subject, resolved_ms);
CREATE TABLE outbox(id INTEGER PRIMARY KEY, channel, kind, key, subject, state, last_error);
CREATE TABLE reroute(ord);
CREATE TABLE import_job(file, state);
CREATE TABLE listing_flaw(channel, listing, sku, flaw);
CREATE TABLE counter(name, value);
CREATE TABLE p_count(position, source, counts);
CREATE TABLE p_count_task(task, state);
)";
inline constexpr const char* kAgent = R"(
CREATE TABLE live(up_inc, up_last, up_last_chain);
CREATE TABLE work(lease, epoch, state);
CREATE TABLE item(sku, bin);
CREATE TABLE down_cursor(inc, through, chain, closed, place);
CREATE TABLE down_parked(id INTEGER PRIMARY KEY, why);
CREATE TABLE count_task(task, state);
)";

class File {
 public:
  explicit File(const std::string& name, const char* schema) {
    static int made = 0;
    path_ = (std::filesystem::temp_directory_path() /
             ("dockline-check-" + std::to_string(::getpid()) + "-" + std::to_string(++made) + name))
                .string();
    std::remove(path_.c_str());
    sqlite3_open(path_.c_str(), &db_);
    run(schema);
  }
  ~File() {
    sqlite3_close(db_);
    std::remove(path_.c_str());
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  void run(const std::string& sql) {
    char* error = nullptr;
    if (sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, &error) != SQLITE_OK) {
      const std::string what = error == nullptr ? "?" : error;
      sqlite3_free(error);
      throw std::runtime_error(what + " in " + sql);
    }
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  sqlite3* db_ = nullptr;
};

class World final : public Evidence {
 public:
  explicit World(OneChecker (*make)(std::shared_ptr<Log>))
      : server("-server.db", kServer), agent("-agent.db", kAgent), checker(make(log_)) {}

  // A fact of the log. `data` and `birth` are JSON members without braces.
  void fact(const std::string& type, const std::string& data, const std::string& source = "/server",
            const std::string& birth = "") {
    const auto n = std::to_string(++position);
    server.run("INSERT INTO events(position, id, body) VALUES(" + n + ", 'id" + n + "', '" +
               body("id" + n, type, data, source, birth) + "')");
  }
  static std::string body(const std::string& id, const std::string& type, const std::string& data,
                          const std::string& source, const std::string& birth) {
    return R"({"id":")" + id + R"(","type":"dockline.)" + type + R"(.v1","source":")" + source +
           "\"" + (birth.empty() ? "" : "," + birth) + R"(,"data":{)" + data + "}}";
  }
  static std::string born(const std::string& inc, int seq) {
    return R"("dlinc":")" + inc + R"(","dlseq":)" + std::to_string(seq);
  }
  void see(const Observation& seen) { checker->on(time_ms, seen, violations); }
  [[nodiscard]] std::size_t look() {
    checker->look(*this, violations);
    return violations.size();
  }
  [[nodiscard]] std::size_t end() {
    checker->end(*this, violations);
    return violations.size();
  }
  [[nodiscard]] std::string said() const {
    std::string out;
    for (const auto& one : violations) out += one.what + "\n";
    return out;
  }

  std::int64_t now_ms() const override { return time_ms; }
  std::string vfs() const override { return ""; }
  std::set<std::string> tell_at_handover() const override { return told_late; }
  std::string server_db() const override { return server.path(); }
  std::map<std::string, std::string> agent_dbs() const override {
    return {{"x/one", agent.path()}};
  }
  std::map<std::string, std::string> site_of_location() const override { return {{"1", "x"}}; }
  std::vector<Gauge> gauges() const override { return all_gauges; }
  std::vector<Shows> shown() const override { return all_shown; }
  std::vector<ShownBin> shown_bins() const override { return all_bins; }
  RoutingTruth routing() const override { return rules; }

  std::int64_t time_ms = 1'000;
  int position = 0;
  std::vector<Gauge> all_gauges;
  std::vector<Shows> all_shown;
  std::vector<ShownBin> all_bins;
  RoutingTruth rules;
  std::set<std::string> told_late;  // channels
  std::vector<Violation> violations;
  File server, agent;

 private:
  std::shared_ptr<Log> log_ = std::make_shared<Log>();

 public:
  OneChecker checker;
};

}  // namespace dockline::sim::testing
