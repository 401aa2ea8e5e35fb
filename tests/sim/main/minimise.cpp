#include "tests/sim/main/minimise.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <deque>
#include <fstream>
#include <set>
#include <string_view>

namespace dockline::sim {
namespace {

constexpr double kMsPerHour = 3'600'000.0;
constexpr std::size_t kLineBytesMost = 260;

class Search {
 public:
  Search(const Done& failed, std::int64_t seconds_most)
      : best_(failed),
        checker_(failed.outcome.violations.front().checker),
        until_(std::chrono::steady_clock::now() + std::chrono::seconds(seconds_most)) {}

  // True when the same promise is broken with these wishes: they are the best now.
  bool attempt(const Wishes& wishes) {
    if (std::chrono::steady_clock::now() >= until_) return false;
    ++tries_;
    auto done = perform_in_child({wishes, {}});
    const bool same = std::ranges::any_of(
        done.outcome.violations, [&](const Violation& v) { return v.checker == checker_; });
    std::fprintf(stderr, "  smaller? try %d: %s\n", tries_, same ? "fails alike" : "no");
    if (same) best_ = std::move(done);
    return same;
  }
  [[nodiscard]] const Wishes& best() const { return best_.job.wishes; }
  [[nodiscard]] const Done& result() const { return best_; }

 private:
  Done best_;
  std::string checker_;
  std::chrono::steady_clock::time_point until_;
  int tries_ = 0;
};

void fewer_hours(Search& search) {
  const auto at_ms = search.result().outcome.violations.front().at_ms;
  const auto plan = draw_plan(search.best());
  auto wishes = search.best();
  if (at_ms > 0 && at_ms < plan.fault_ms) {
    wishes.hours = static_cast<double>(at_ms + 1'000) / kMsPerHour;
    search.attempt(wishes);
  }
  for (const double part : {0.25, 0.5, 0.75}) {
    wishes = search.best();
    wishes.hours = part * static_cast<double>(draw_plan(wishes).fault_ms) / kMsPerHour;
    if (search.attempt(wishes)) return;
  }
}

void smaller_fleet(Search& search) {
  const auto plan = draw_plan(search.best());
  for (std::int64_t stations = 1; stations < plan.stations; ++stations) {
    auto wishes = search.best();
    wishes.stations = stations;
    wishes.sites = std::min<std::int64_t>(plan.sites, stations);
    if (search.attempt(wishes)) break;
  }
  for (std::int64_t sites = 1; sites < draw_plan(search.best()).sites; ++sites) {
    auto wishes = search.best();
    wishes.sites = sites;
    if (search.attempt(wishes)) break;
  }
}

// Takes out ever smaller groups of kinds.
void fewer_kinds(Search& search) {
  std::size_t groups = 2;
  while (true) {
    std::vector<std::string> left;
    for (const auto& [kind, strength] : draw_plan(search.best()).strength) left.push_back(kind);
    if (left.empty()) return;
    const std::size_t size = std::max<std::size_t>(1, left.size() / groups);
    bool gone = false;
    for (std::size_t at = 0; at < left.size(); at += size) {
      auto wishes = search.best();
      for (std::size_t i = at; i < std::min(at + size, left.size()); ++i) {
        wishes.without.insert(left[i]);
      }
      gone = search.attempt(wishes) || gone;
    }
    if (size == 1 && !gone) return;
    if (!gone) groups = std::min(groups * 2, left.size());
  }
}

// Words with a digit in them name something: V12, DL0000000012, SKU-108, site-1/bench-2.
std::set<std::string> names_in(const std::string& text) {
  std::set<std::string> out;
  std::string word;
  for (const char c : text + " ") {
    const bool part = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '/';
    if (part) {
      word += c;
      continue;
    }
    const bool digit = std::ranges::any_of(word, [](char w) { return w >= '0' && w <= '9'; });
    const bool letter = std::ranges::any_of(
        word, [](char w) { return std::isalpha(static_cast<unsigned char>(w)) != 0; });
    if (digit && letter && word.size() > 1) out.insert(word);
    word.clear();
  }
  return out;
}

}  // namespace

Done minimise(const Done& failed, std::int64_t seconds_most) {
  Search search(failed, seconds_most);
  fewer_hours(search);
  fewer_kinds(search);
  smaller_fleet(search);
  fewer_hours(search);
  fewer_kinds(search);
  return search.result();
}

std::vector<std::string> story(const std::string& trace_file, const Violation& violation,
                               std::size_t lines_most) {
  const auto names = names_in(violation.what);
  std::deque<std::string> out;
  std::ifstream in(trace_file);
  for (std::string line; std::getline(in, line);) {
    const bool fault =
        line.find("  FAULT  ") != std::string::npos || line.find(" killed ") != std::string::npos ||
        line.find("power cut") != std::string::npos || line.find(" started") != std::string::npos ||
        line.find("  world  calm") != std::string::npos;
    const bool named = std::ranges::any_of(names, [&](const std::string& name) {
      const auto at = line.find(name);
      if (at == std::string::npos) return false;
      const auto end = at + name.size();
      return end == line.size() || std::isalnum(static_cast<unsigned char>(line[end])) == 0;
    });
    if (!fault && !named) continue;
    if (line.size() > kLineBytesMost) line = line.substr(0, kLineBytesMost) + "...";
    out.push_back(std::move(line));
    if (out.size() > lines_most) out.pop_front();
  }
  return {out.begin(), out.end()};
}

}  // namespace dockline::sim
