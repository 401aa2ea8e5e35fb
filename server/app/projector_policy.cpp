// The projector's part about what is kept back, how kits are made, and listings that drifted.
#include <algorithm>

#include "server/app/projector.hpp"

namespace dockline::server {

void Projector::on(const Kept& at, const wire::StockPolicySet& data) {
  policies_.put(data, at.position);
}

void Projector::on(const Kept& at, const wire::KitDefined& data) {
  std::vector<std::pair<std::string, store::Quantity>> parts;
  for (const auto& part : data.parts) parts.emplace_back(part.sku, part.pieces);
  kits_.put(data.sku, parts, at.position);
}

void Projector::on(const Kept& at, const wire::ListingDrifted& data) {
  drift_.put(data, at.time_ms, at.position);
}

// A kit that was sold: its parts are the lines that are routed, packed and shipped; the line itself
// is remembered as the channel knows it.
void Projector::insert_kit(std::int64_t ord, const domain::OrderLine& sold, std::string_view title,
                           std::int64_t& next_line) {
  store::KitLine line{.line = sold.line,
                      .sku = sold.sku,
                      .title = std::string(title),
                      .quantity = sold.quantity,
                      .unit_price_minor = sold.unit_price_minor,
                      .external_id = sold.external_id,
                      .parts = {}};
  for (const auto& [sku, pieces] : kits_.taken_apart(sold.sku)) {
    const std::string of_part = stock_.title(sku).value_or("");
    orders_.insert_line(ord, {.line = ++next_line,
                              .sku = sku,
                              .title = of_part,
                              .quantity = sold.quantity * pieces,
                              .unit_price_minor = std::nullopt,
                              .external_id = std::nullopt});
    line.parts.emplace_back(next_line, pieces);
  }
  kits_.put_line(ord, line);
}

// By line as it was sold: pieces that the order's channel keeps, wanted and not told to have left,
// whatever became of their box afterwards. A cancellation does not say whether it means pieces that
// have left, so both together never give back more than there was. Of a kit: whole ones.
std::map<std::int64_t, Projector::KeptLine> Projector::kept_for(std::int64_t ord) {
  auto left = orders_.told(ord);
  const auto kits = kits_.lines(ord);
  std::map<std::int64_t, store::Quantity> cancelled;
  std::map<std::int64_t, KeptLine> kept;
  for (const auto& line : orders_.lines(ord)) {
    cancelled[line.line] = line.units.at(orders::UnitState::cancelled);
    const auto wanted = line.quantity - cancelled[line.line];
    kept[line.line] = {line.sku, std::max<store::Quantity>(0, wanted - left[line.line])};
  }
  for (const auto& kit : kits) {
    auto gone = kit.quantity, told = kit.quantity;
    for (const auto& [part, pieces] : kit.parts) {
      gone = std::min(gone, cancelled[part] / pieces);
      told = std::min(told, left[part] / pieces);
      kept.erase(part);
    }
    kept[kit.line] = {kit.sku, std::max<store::Quantity>(0, kit.quantity - gone - told)};
  }
  return kept;
}

void Projector::change_held(std::string_view channel, std::int64_t ord,
                            const std::map<std::int64_t, KeptLine>& before) {
  for (const auto& [line, now] : kept_for(ord)) {
    const auto was = before.find(line);
    if (was == before.end()) continue;
    stock_.add_held(channel, now.sku, now.pieces - was->second.pieces);
  }
}

}  // namespace dockline::server
