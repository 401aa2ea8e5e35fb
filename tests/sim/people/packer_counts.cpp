// A packer counts a shelf when no order waits: one piece after the other, or several at once where
// many lie there. Now and then somebody miscounts, scans a neighbour, or is called away.
#include <algorithm>

#include "agent/station/command.hpp"
#include "shared/base/limits.hpp"
#include "tests/sim/people/packer_look.hpp"

namespace dockline::sim {
namespace {

constexpr std::uint32_t kMiscounts = 150, kCountsFirst = 60;  // per mille
constexpr std::int64_t kOneByOneMost = 3;

}  // namespace

// Counts come after orders; some cannot wait for it.
bool Packer::goes_counting(const Look& view, bool orders_wait) {
  if (!view.offers("COUNT") || restless()) return false;
  return !orders_wait || mistake(kCountsFirst, "counts_before_orders");
}

void Packer::count_shelf(const Look& view) {
  auto& draw = world_.random("packer " + node_.place().computer);
  const auto sku = text(*view.body, "sku");
  const auto seen = number(*view.body, "n");
  if (shelf_.sku != sku || seen == 0) {
    auto there = on_shelf_ ? on_shelf_(sku) : std::int64_t{0};
    if (mistake(kMiscounts, "miscounted")) there += draw.between(-1, 1);
    shelf_ = {sku, std::clamp<std::int64_t>(there, 0, base::limits::kTypedQuantityMax)};
  }
  const auto left = shelf_.pieces - seen;
  if (view.several >= 0 || left < 0) {  // a number waits that something came between, or too many
    sheet("UNDO");
    return next();
  }
  if (mistake(habits_.wrong_item, "counts_a_neighbour")) {
    scan(goods_.all()[draw.below(goods_.all().size())].barcode);
    return next();
  }
  if (mistake(habits_.hold, "leaves_a_count")) {
    sheet("HOLD");
    return next();
  }
  if (left == 0) {
    sheet("CONFIRM");
    return next();
  }
  if (count_case(sku, left)) return next();
  const auto* goods = goods_.find(sku);
  const auto code = goods == nullptr ? sku : goods->barcode;
  if (left > kOneByOneMost) {
    sheet("QTY");
    for (const char digit : std::to_string(left)) {
      script_.push_back({agent::station::sheet_code(std::string(1, digit)), {}, 0});
    }
    script_.push_back({code, {}, 0});
  } else {
    scan(code);
  }
  next();
}

}  // namespace dockline::sim
