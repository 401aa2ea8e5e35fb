// Prometheus text exposition format 0.0.4, built from values on request:
//   MetricsText m; m.counter("dockline_turns_total", "Turns committed.", turns);
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace dockline::runtime {

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Counts in fixed bounds; the last bucket is +Inf. One lane, or guarded by its owner.
class Histogram {
 public:
  static constexpr std::array<std::int64_t, 14> kBoundsUs{
      100,    250,    500,     1'000,   2'500,   5'000,     10'000,
      25'000, 50'000, 100'000, 250'000, 500'000, 1'000'000, 5'000'000};
  void add_us(std::int64_t microseconds);
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  friend class MetricsText;
  std::array<std::uint64_t, 15> buckets_{};
  std::uint64_t count_ = 0;
  std::int64_t sum_us_ = 0;
};

class MetricsText {
 public:
  void counter(std::string_view name, std::string_view help, std::uint64_t value,
               Labels labels = {});
  void gauge(std::string_view name, std::string_view help, std::int64_t value, Labels labels = {});
  void seconds(std::string_view name, std::string_view help, const Histogram& histogram,
               Labels labels = {});
  // Start time, resident memory, CPU seconds, open files of this process, in the usual names.
  void process();
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void head(std::string_view name, std::string_view help, std::string_view type);
  void row(std::string_view name, std::string_view suffix, Labels labels, std::string_view extra,
           std::string_view value);
  std::string out_;
  std::string last_;
};

}  // namespace dockline::runtime
