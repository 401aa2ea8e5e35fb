#include "tests/sim/people/storekeeper.hpp"

#include <vector>

#include "server/stock/units_of_measure.hpp"
#include "server/store/reader_items.hpp"

namespace dockline::sim {

using namespace server;  // the commands

namespace {

constexpr std::int64_t kEveryMs = 45'000;

}  // namespace

void Storekeeper::begin(std::int64_t per_mille) { Officer::begin(per_mille > 0 ? kEveryMs : 0); }

void Storekeeper::one() {
  std::vector<const Goods*> in_cases;
  for (const auto& goods : goods_.all()) {
    if (!goods.cases.empty()) in_cases.push_back(&goods);
  }
  if (in_cases.empty()) return;
  const auto& goods = *in_cases[draw().below(in_cases.size())];
  if (!is_entered(goods)) return;
  const auto& site = some_site();
  switch (draw().below(5)) {
    case 0:
    case 1:
      return receive(goods, site, true);
    case 2:
      return receive(goods, site, false);
    case 3:
      return count(goods, site);
    default:
      return put_aside(goods, site);
  }
}

bool Storekeeper::is_entered(const Goods& goods) {
  auto* reader = hub_.reader();
  if (reader == nullptr) return false;
  const auto said = store::item_said(*reader, goods.sku);
  return said && said->barcodes.size() > goods.cases.size();
}

std::optional<std::int64_t> Storekeeper::in_pieces(const Goods& goods, std::int64_t cases) {
  auto* reader = hub_.reader();
  if (reader == nullptr) return std::nullopt;
  const auto said = store::item_said(*reader, goods.sku);
  if (!said) return std::nullopt;
  const auto pieces = stock::Measures(goods.sku, said->barcodes).pieces("case", cases);
  if (goods.cases.size() > 1) count_("doubtful_unit");
  if (pieces) report_(UnitTaken{goods.sku, *pieces, goods.cases.size() > 1});
  return pieces ? std::optional(*pieces) : std::nullopt;
}

Officer::Then Storekeeper::tell(const char* fact, const Goods& goods, const std::string& site,
                                std::int64_t pieces) {
  return [this, fact, sku = goods.sku, site, pieces](const Reply&) {
    report_(CasesBooked{fact, sku, site, pieces});
  };
}

void Storekeeper::receive(const Goods& goods, const std::string& site, bool by_code) {
  const auto cases = draw().between(1, 3);
  const auto& one = goods.cases[draw().below(goods.cases.size())];
  ReceiveGoods come{{}, site, "", "", cases, 0, {}, "storekeeper"};
  auto pieces = cases * one.pieces;
  if (by_code) {
    come.code = one.code;
  } else {
    const auto measured = in_pieces(goods, cases);
    if (!measured) return;
    come.sku = goods.sku;
    come.quantity = *measured;
  }
  ask(std::move(come), by_code ? "received_by_code" : "received_by_case",
      tell("dockline.delivery.received.v1", goods, site, pieces));
}

// Whole cases lie there, and nothing beside them; now and then one that the books do not know.
void Storekeeper::count(const Goods& goods, const std::string& site) {
  const auto each = goods.cases.front().pieces;
  const auto there = on_hand(goods.sku, site);
  if (there < 0 || (there % each != 0 && draw().chance(800))) return;
  const auto cases = there / each;
  const auto pieces = in_pieces(goods, cases);
  if (!pieces) return;
  ask(CountStock{goods.sku, site, *pieces, "", "storekeeper"}, "counted_by_case",
      tell("dockline.stock.counted.v1", goods, site, cases * each));
}

void Storekeeper::put_aside(const Goods& goods, const std::string& site) {
  const auto each = goods.cases.front().pieces;
  if (on_hand(goods.sku, site) < each) return;
  const auto pieces = in_pieces(goods, 1);
  if (!pieces) return;
  ask(MoveStock{goods.sku, site, "shelf", "quarantine", *pieces, "a case looks odd", {}},
      "case_quarantined", [this, &goods, site, pieces = *pieces](const Reply&) {
        report_(
            CasesBooked{"dockline.stock.moved.v1", goods.sku, site, goods.cases.front().pieces});
        world_.after(60'000, [this, &goods, site, pieces] {
          ask(MoveStock{goods.sku, site, "quarantine", "shelf", pieces, "is fine", {}},
              "case_released");
        });
      });
}

}  // namespace dockline::sim
