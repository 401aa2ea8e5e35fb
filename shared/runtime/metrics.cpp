#include "shared/runtime/metrics.hpp"

#include <cstdio>
#include <fstream>

#include <sys/resource.h>
#include <unistd.h>

#include "shared/base/check.hpp"

namespace dockline::runtime {
namespace {

std::string decimal_seconds(std::int64_t us) {
  std::array<char, 40> out{};
  std::snprintf(out.data(), out.size(), "%lld.%06lld", static_cast<long long>(us / 1'000'000),
                static_cast<long long>(us % 1'000'000));
  return out.data();
}

std::string escaped(std::string_view label) {
  std::string out;
  for (const char c : label) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

}  // namespace

void Histogram::add_us(std::int64_t microseconds) {
  std::size_t i = 0;
  while (i < kBoundsUs.size() && microseconds > kBoundsUs[i]) ++i;
  ++buckets_[i];
  ++count_;
  sum_us_ += microseconds;
}

void MetricsText::head(std::string_view name, std::string_view help, std::string_view type) {
  if (last_ == name) return;  // further rows of the same metric, with other labels
  last_ = name;
  out_ += "# HELP " + std::string(name) + " " + std::string(help) + "\n# TYPE " +
          std::string(name) + " " + std::string(type) + "\n";
}

void MetricsText::row(std::string_view name, std::string_view suffix, Labels labels,
                      std::string_view extra, std::string_view value) {
  out_ += name;
  out_ += suffix;
  std::string inside;
  for (const auto& [key, text] : labels) {
    inside += (inside.empty() ? "" : ",") + std::string(key) + "=\"" + escaped(text) + "\"";
  }
  if (!extra.empty()) inside += (inside.empty() ? "" : ",") + std::string(extra);
  if (!inside.empty()) out_ += "{" + inside + "}";
  out_ += " ";
  out_ += value;
  out_ += "\n";
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value,
                          Labels labels) {
  head(name, help, "counter");
  row(name, "", labels, "", std::to_string(value));
}

void MetricsText::gauge(std::string_view name, std::string_view help, std::int64_t value,
                        Labels labels) {
  head(name, help, "gauge");
  row(name, "", labels, "", std::to_string(value));
}

void MetricsText::seconds(std::string_view name, std::string_view help, const Histogram& histogram,
                          Labels labels) {
  head(name, help, "histogram");
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < Histogram::kBoundsUs.size(); ++i) {
    sum += histogram.buckets_[i];
    row(name, "_bucket", labels, "le=\"" + decimal_seconds(Histogram::kBoundsUs[i]) + "\"",
        std::to_string(sum));
  }
  row(name, "_bucket", labels, "le=\"+Inf\"", std::to_string(histogram.count_));
  row(name, "_sum", labels, "", decimal_seconds(histogram.sum_us_));
  row(name, "_count", labels, "", std::to_string(histogram.count_));
}

void MetricsText::process() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](const timeval& t) { return t.tv_sec * std::int64_t{1'000'000} + t.tv_usec; };
  head("process_cpu_seconds_total", "User and system CPU time.", "counter");
  row("process_cpu_seconds_total", "", {}, "",
      decimal_seconds(us(usage.ru_utime) + us(usage.ru_stime)));
  std::int64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  gauge("process_resident_memory_bytes", "Resident memory.", resident * sysconf(_SC_PAGESIZE));
  counter("dockline_assumptions_broken_total", "ASSUME checks that did not hold.",
          base::assumptions_broken());
}

}  // namespace dockline::runtime
