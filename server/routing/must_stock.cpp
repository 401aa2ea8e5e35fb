// A site ships what it can promise: its own figure, never another's. No figure: nothing is known to
// be there, so nothing is promised.
#include "server/routing/rule.hpp"

namespace dockline::server::routing {
namespace {

enum : std::size_t { kKeepBack };
constexpr Parameter kParameters[] = {{"keep_back", 0, "pieces of each SKU that stay at the site"}};

const Figure* figure_of(const Site& site, std::string_view sku, std::size_t& next) {
  // Figures and demands come in the same order; a figure more or less is no harm.
  while (next < site.figures.size() && site.figures[next].sku < sku) ++next;
  return next < site.figures.size() && site.figures[next].sku == sku ? &site.figures[next]
                                                                     : nullptr;
}

void narrow(const Ask& ask, const Site& site, Values values, Allowed& allowed) {
  std::size_t next = 0;
  for (std::size_t d = 0; d < ask.demands.size(); ++d) {
    const Figure* figure = figure_of(site, ask.demands[d].sku, next);
    const Quantity free = figure == nullptr ? 0 : figure->atp - values[kKeepBack];
    allowed.pieces[d] = std::min(allowed.pieces[d], std::max<Quantity>(0, free));
  }
}

std::string say(const Spoken& about) {
  std::vector<Quantity> pieces;
  for (const auto& demand : about.ask.demands) pieces.push_back(demand.want);
  Allowed allowed{.pieces = pieces};
  narrow(about.ask, about.site, about.values, allowed);
  return lacks(about.ask, pieces);
}

}  // namespace

Rule must_stock() {
  return {.name = "stock",
          .kind = Rule::Kind::must,
          .parameters = kParameters,
          .say = say,
          .firm = true,
          .narrow = narrow};
}

}  // namespace dockline::server::routing
