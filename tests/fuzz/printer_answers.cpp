#include "firmware-interfaces/printers/zpl/zpl.hpp"
#include "shared/base/check.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using namespace dockline::firmware;

std::vector<PrinterEvent> run(std::string_view bytes, std::size_t portion, std::size_t asked) {
  const auto codec = zpl::make();
  for (std::size_t i = 0; i < asked; ++i) {
    (void)codec->ask_value(static_cast<PrinterValueKind>(i % 3));
  }
  std::vector<PrinterEvent> out;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(portion, bytes.size()))) {
    codec->feed(bytes.substr(0, portion), out);
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dockline::fuzz::Input input(data, size);
  const auto asked = input.choice() % 8U;
  const auto portion = 1 + std::size_t{input.choice()};
  const auto whole = run(input.rest(), input.rest().size() + 1, asked);
  const auto cut = run(input.rest(), portion, asked);
  CHECK(whole.size() == cut.size());
  std::size_t values = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    CHECK(whole[i].index() == cut[i].index());
    values += std::holds_alternative<PrinterValue>(whole[i]) ? 1U : 0U;
    if (const auto* status = std::get_if<PrinterStatus>(&whole[i])) {
      CHECK(status->state != DeviceState::unknown && status->formats_waiting >= 0);
      CHECK(status->labels_remaining >= 0);
      CHECK(status->state == DeviceState::ready || !status->detail.empty());
    }
  }
  CHECK(values <= asked);  // an answer nobody asked for is no answer
  return 0;
}
