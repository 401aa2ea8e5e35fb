#include "firmware-interfaces/contract/scanner.hpp"

namespace dockline::firmware {
namespace {

constexpr std::int64_t kIdleMinMs = 5, kIdleMaxMs = 5'000;

}  // namespace

base::Result<ScannerSettings> scanner_settings(std::string_view suffix, std::string_view prefix,
                                               std::int64_t idle_ms) {
  ScannerSettings s;
  if (suffix.empty() || suffix == "newline" || suffix == "crlf" || suffix == "cr" ||
      suffix == "lf") {
    s.suffix = ScanSuffix::newline;
  } else if (suffix == "tab") {
    s.suffix = ScanSuffix::tab;
  } else if (suffix == "etx") {
    s.suffix = ScanSuffix::etx;
  } else if (suffix == "none") {
    s.suffix = ScanSuffix::none;
  } else {
    return base::fail(base::Fault::reject, "suffix \"" + std::string(suffix) +
                                               "\" is not known: use newline, tab, etx or none");
  }
  if (prefix.empty() || prefix == "none") {
    s.prefix = ScanPrefix::none;
  } else if (prefix == "stx") {
    s.prefix = ScanPrefix::stx;
  } else if (prefix == "aim") {
    s.prefix = ScanPrefix::aim;
  } else {
    return base::fail(base::Fault::reject,
                      "prefix \"" + std::string(prefix) + "\" is not known: use none, stx or aim");
  }
  if (idle_ms != 0) {
    if (idle_ms < kIdleMinMs || idle_ms > kIdleMaxMs) {
      return base::fail(base::Fault::reject, "idle_ms must lie between 5 and 5000");
    }
    s.idle_ms = idle_ms;
  }
  return s;
}

}  // namespace dockline::firmware
