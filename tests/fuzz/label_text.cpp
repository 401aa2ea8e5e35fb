#include <algorithm>

#include "agent/labels/label.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "tests/fuzz/input.hpp"

namespace {

using dockline::agent::labels::LabelDocument;

LabelDocument honest() {
  LabelDocument d;
  d.order_number = std::string(40, 'A');  // too long for a barcode
  d.label = {"DL0123456789", "340123450000000123", "", ""};
  d.pieces.resize(2);
  return d;
}

std::ptrdiff_t commands(std::string_view zpl) {
  return std::ranges::count_if(zpl, [](char c) { return c == '^' || c == '~'; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto kCommands = commands(dockline::agent::labels::to_zpl(honest()).value());
  dockline::fuzz::Input input(data, size);
  auto d = honest();
  for (auto* field : {&d.sender, &d.ship_to.name, &d.label.carrier, &d.label.service,
                      &d.pieces[0].sku, &d.pieces[0].title, &d.pieces[1].title}) {
    *field = input.take(input.choice());
  }
  for (auto* field :
       {&d.ship_to.company, &d.ship_to.street1, &d.ship_to.city, &d.ship_to.country}) {
    *field = std::string(input.take(input.choice()));
  }
  const auto zpl = dockline::agent::labels::to_zpl(d);
  CHECK(zpl);
  CHECK(commands(*zpl) == kCommands);
  CHECK(dockline::base::is_utf8(*zpl));

  d.order_number += input.rest();
  d.label.tracking = input.rest();
  if (const auto other = dockline::agent::labels::to_zpl(d)) {
    CHECK(commands(*other) == kCommands);
  }
  return 0;
}
