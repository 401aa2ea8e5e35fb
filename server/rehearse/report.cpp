// The report of a rehearsal, for a person and for programs.
#include <cstdio>

#include <boost/json.hpp>

#include "server/rehearse/rehearse.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::rehearse {
namespace {

namespace json = boost::json;

std::string duration(std::int64_t us) {
  char text[48];
  if (us < 10'000) {
    std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(us) / 1e3);
  } else if (us < 1'000'000) {
    std::snprintf(text, sizeof text, "%lld ms", static_cast<long long>(us / 1'000));
  } else if (us < 600'000'000) {
    std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(us) / 1e6);
  } else {
    std::snprintf(text, sizeof text, "%lld min", static_cast<long long>(us / 60'000'000));
  }
  return text;
}

std::string row(const Stage& s) {
  char text[200];
  std::snprintf(text, sizeof text, "  %-24s %9lld %7lld %% %10s %10s %9lld %9lld\n",
                s.name.substr(0, 24).c_str(), static_cast<long long>(s.done),
                static_cast<long long>(s.load_per_mille / 10), duration(s.p50_us).c_str(),
                duration(s.p99_us).c_str(), static_cast<long long>(s.most_waiting),
                static_cast<long long>(s.waiting_at_end));
  return text;
}

std::string times(std::int64_t tenths) {
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

json::object of(const Stage& s) {
  return {{"stage", s.name},
          {"done", s.done},
          {"servers", s.servers},
          {"load_per_mille", s.load_per_mille},
          {"p50_us", s.p50_us},
          {"p99_us", s.p99_us},
          {"most_waiting", s.most_waiting},
          {"waiting_at_end", s.waiting_at_end},
          {"bends", s.bends()}};
}

}  // namespace

std::string to_text(const Report& report) {
  std::string out = "The peak: " + std::to_string(report.orders) + " orders from " +
                    base::to_rfc3339(report.from_ms) + " to " + base::to_rfc3339(report.to_ms) +
                    "\nRouted by: " + report.rules + "\n";
  for (const auto& run : report.runs) {
    char head[200];
    std::snprintf(head, sizeof head, "\n%lld times: %lld orders, %lld refused, %lld backordered\n",
                  static_cast<long long>(run.factor), static_cast<long long>(run.orders),
                  static_cast<long long>(run.refused), static_cast<long long>(run.backordered));
    out += head;
    std::snprintf(head, sizeof head, "  %-24s %9s %9s %10s %10s %9s %9s\n", "stage", "done", "load",
                  "p50", "p99", "queue", "at end");
    out += head;
    for (const auto& stage : run.stages) out += row(stage);
  }
  const auto factor = report.runs.empty() ? 0 : report.runs.back().factor;
  out += "\n";
  if (report.bends.empty() || report.bends.front().load_per_mille <= 1'000) {
    out += "Nothing bends at " + std::to_string(factor) + " times the recorded rate.\n";
  }
  for (const auto& bend : report.bends) {
    if (bend.at_tenths == 0) continue;
    const bool first = &bend == &report.bends.front();
    if (!first && bend.load_per_mille <= 1'000) continue;
    out += (first ? "First full: " : "Then: ") + bend.stage + ", at about " +
           times(bend.at_tenths) + " times the recorded rate. What helps: " + bend.helps + ".\n";
  }
  if (report.benches_assumed) {
    out += "Some benches never packed; they are taken to need " + duration(kAssumedPackUs) +
           " for an order.\n";
  }
  out +=
      "Goods were filled up for the rehearsal. What benches report while they pack is not in the "
      "server's load.\n";
  return out;
}

std::string to_json(const Report& report) {
  json::array runs, bends;
  for (const auto& run : report.runs) {
    json::array stages;
    for (const auto& stage : run.stages) stages.push_back(of(stage));
    runs.push_back(json::object{{"factor", run.factor},
                                {"orders", run.orders},
                                {"refused", run.refused},
                                {"backordered", run.backordered},
                                {"told_channels", run.published},
                                {"turns", run.turns},
                                {"took_ms", run.took_ms},
                                {"stages", std::move(stages)}});
  }
  for (const auto& bend : report.bends) {
    bends.push_back(json::object{{"stage", bend.stage},
                                 {"load_per_mille", bend.load_per_mille},
                                 {"full_at_tenths", bend.at_tenths},
                                 {"helps", bend.helps}});
  }
  return json::serialize(json::object{{"from_ms", report.from_ms},
                                      {"to_ms", report.to_ms},
                                      {"orders", report.orders},
                                      {"copied_bytes", report.copied_bytes},
                                      {"rules", report.rules},
                                      {"benches_assumed", report.benches_assumed},
                                      {"runs", std::move(runs)},
                                      {"bends", std::move(bends)}});
}

}  // namespace dockline::server::rehearse
