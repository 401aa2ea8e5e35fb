#include "firmware-interfaces/scanners/framed/framed.hpp"
#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace dockline::firmware;

std::vector<ScannerEvent> run(const ScannerSettings& settings, std::string_view bytes,
                              std::size_t portion) {
  const auto codec = framed::make(settings);
  std::vector<ScannerEvent> out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(portion, bytes.size()))) {
    codec->feed({1'000, 0}, bytes.substr(0, portion), out);
  }
  codec->tick({100'000, 0}, out);
  CHECK(!codec->deadline_ms());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dockline::fuzz::Input input(data, size);
  ScannerSettings settings;
  settings.suffix = static_cast<ScanSuffix>(input.choice() % 4);
  settings.prefix = static_cast<ScanPrefix>(input.choice() % 3);
  settings.longest_bytes = input.choice() % 2 == 0 ? 32 : dockline::base::limits::kScanBytesMax;
  settings.gs_text = input.choice() % 2 == 0 ? "" : "<GS>";
  const auto portion = 1 + std::size_t{input.choice()};

  const auto whole = run(settings, input.rest(), input.rest().size() + 1);
  const auto cut = run(settings, input.rest(), portion);
  CHECK(whole.size() == cut.size());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CHECK(whole[i].index() == cut[i].index());
    if (const auto* scan = std::get_if<Scan>(&whole[i])) {
      CHECK(*scan == std::get<Scan>(cut[i]));
      CHECK(!scan->data.empty());
      CHECK(scan->data.size() <= settings.longest_bytes);
    }
  }
  return 0;
}
