// Where an article comes in cases, a packer scans the code of a case instead of its pieces, if that
// many are still wanted; now and then also where they are not, and the bench has to refuse it. All
// of it from a random stream of its own: runs without cases go as they did before.
#include "tests/sim/people/packer.hpp"

namespace dockline::sim {
namespace {

// Per mille.
constexpr std::uint32_t kByCase = 600, kTooMany = 40;

}  // namespace

bool Packer::scan_case(const std::string& sku, std::int64_t room) {
  const auto* goods = goods_.find(sku);
  if (goods == nullptr || goods->cases.empty()) return false;
  auto& draw = world_.random("cases " + node_.place().computer);
  const auto& one = goods->cases[draw.below(goods->cases.size())];
  const bool fits = one.pieces <= room;
  if (!draw.chance(fits ? kByCase : kTooMany) || (careful_ && !fits)) return false;
  count_(fits ? "case_scanned" : "case_too_large");
  hand_ = sku;
  hand_pieces_ = one.pieces;
  hand_case_ = one.code;
  if (goods->tracked == "lot") {
    hand_case_ = "01" + one.code + "1766010110L" + std::to_string(world_.now_ms() / 3'600'000);
  }
  scan(hand_case_);
  return true;
}

bool Packer::count_case(const std::string& sku, std::int64_t left) {
  const auto* goods = goods_.find(sku);
  if (goods == nullptr || goods->cases.empty()) return false;
  auto& draw = world_.random("cases " + node_.place().computer);
  const auto& one = goods->cases[draw.below(goods->cases.size())];
  if (one.pieces > left || !draw.chance(kByCase)) return false;
  count_("case_counted");
  scan(one.code);
  return true;
}

}  // namespace dockline::sim
