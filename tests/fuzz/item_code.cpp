#include "agent/station/barcode.hpp"
#include "shared/base/check.hpp"
#include "tests/fuzz/input.hpp"

// What a scan names is read the same with the identifier in front as beside it, and is never more
// than GS1 allows.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace dockline::agent::station;
  constexpr std::string_view kSymbologies[] = {"]C1", "]d2", "]Q3", "]Q1", "]C0", "]e0"};
  constexpr std::int64_t kNowMs = 1'790'000'000'000;
  constexpr std::int64_t kCenturyMs = 100LL * 366 * 86'400'000;
  dockline::fuzz::Input input(data, size);
  const std::string_view symbology = kSymbologies[input.choice() % 6];
  const std::string_view code = input.rest();
  const auto lot = lot_in(code, symbology, kNowMs);
  const std::string joined = std::string(symbology) + std::string(code);
  if (!code.empty()) {
    CHECK(lot_in(joined, "", kNowMs) == lot);
    CHECK(item_key(joined) == item_key(code, symbology));
  }
  if (!lot) return 0;
  CHECK(lot->lot || lot->serial || lot->expires_ms);
  CHECK(!lot->lot || (!lot->lot->empty() && lot->lot->size() <= 20));
  CHECK(!lot->serial || (!lot->serial->empty() && lot->serial->size() <= 20));
  if (lot->expires_ms) {
    CHECK(*lot->expires_ms % 86'400'000 == 0);
    CHECK(*lot->expires_ms > kNowMs - kCenturyMs && *lot->expires_ms < kNowMs + kCenturyMs);
  }
  return 0;
}
