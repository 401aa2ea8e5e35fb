// Stock figures for the API: what lies where, what is promised, what channels were told.
#include <algorithm>

#include "server/stock/places.hpp"
#include "server/store/reader_impl.hpp"
#include "shared/ledger/ledger.hpp"

namespace dockline::server::store {
namespace {
using sqlite::Statement;

std::int64_t& pieces_at(SiteFigure& figure, stock::PlaceKind kind) {
  switch (kind) {
    case stock::PlaceKind::shelf:
      return figure.on_hand;
    case stock::PlaceKind::staging:
      return figure.staging;
    case stock::PlaceKind::packed:
      return figure.packed;
    case stock::PlaceKind::quarantine:
      return figure.quarantine;
    case stock::PlaceKind::damaged:
      return figure.damaged;
    case stock::PlaceKind::transit:
      return figure.in_transit;
  }
  return figure.on_hand;
}

}  // namespace

std::vector<SiteFigure> Reader::Impl::sites_of(const std::string& sku) {
  std::map<std::string, SiteFigure> by_site;
  const auto at = [&](std::string_view site) -> SiteFigure& {
    auto& figure = by_site[std::string(site)];
    figure.site = site;
    return figure;
  };
  places.each(
      [&](const Statement& s) {
        const auto place = s.text(0);
        const auto kind = stock::kind_of(place);
        if (!kind) return;
        auto& figure = at(ledger::site_of(place));
        pieces_at(figure, *kind) = s.integer(1);
        figure.as_of_ms = std::max(figure.as_of_ms, s.integer(2));
      },
      sku);
  reserved.each([&](const Statement& s) { at(s.text(0)).reserved = s.integer(1); }, sku);
  bins.each([&](const Statement& s) { at(s.text(0)).bin = s.str(1); }, sku);
  std::vector<SiteFigure> out;
  for (auto& [site, figure] : by_site) {
    figure.atp = ledger::available(figure.on_hand, figure.reserved);
    out.push_back(std::move(figure));
  }
  return out;
}

// The newest thing that is true of a listing: a figure on its way hides the one confirmed before.
std::vector<ToldFigure> Reader::Impl::told_of(const std::string& sku) {
  std::map<std::pair<std::string, std::string>, ToldFigure> by_place;
  told.each(
      [&](const Statement& s) {
        by_place[{s.str(0), s.str(1)}] = {s.str(0), s.str(1), s.integer(2), "confirmed",
                                          s.integer(3)};
      },
      sku);
  told_waiting.each(
      [&](const Statement& s) {
        by_place[{s.str(0), s.str(1)}] = {s.str(0), s.str(1), s.integer(2), s.str(4), s.integer(3)};
      },
      sku);
  std::vector<ToldFigure> out;
  for (auto& [place, figure] : by_place) out.push_back(std::move(figure));
  return out;
}

StockRow Reader::Impl::stock_row(const std::string& sku, const std::string& title) {
  return {sku, title, sites_of(sku), told_of(sku)};
}

base::Result<Page<StockRow>> Reader::stock(const std::string& text, const std::string& after,
                                           std::int64_t limit, std::int64_t skip) {
  limit = bounded(limit);
  return impl_->look([&] {
    Page<StockRow> page;
    std::vector<std::pair<std::string, std::string>> items;
    impl_->stock_page.each([&](const Statement& s) { items.emplace_back(s.str(0), s.str(1)); },
                           text, after, limit, skip);
    for (const auto& [sku, title] : items) page.items.push_back(impl_->stock_row(sku, title));
    if (static_cast<std::int64_t>(items.size()) == limit) page.next = items.back().first;
    page.total = impl_->stock_total.integer(text).value_or(0);
    return page;
  });
}

base::Result<std::optional<StockDetail>> Reader::stock_of(const std::string& sku) {
  return impl_->look([&] {
    auto found = impl_->item.one(
        [&](const Statement& s) {
          StockDetail detail;
          detail.stock.sku = sku;
          detail.stock.title = s.str(0);
          detail.detail = s.str(1);
          detail.origin = s.str(2);
          detail.weight_g = s.maybe_integer(3);
          if (const auto yes = s.maybe_integer(4)) detail.hazardous = *yes != 0;
          if (const auto yes = s.maybe_integer(5)) detail.cold_chain = *yes != 0;
          detail.tracked = s.maybe_text(6);
          detail.cost_minor = s.maybe_integer(7);
          return detail;
        },
        sku);
    if (!found) return found;
    found->stock = impl_->stock_row(sku, found->stock.title);
    for (auto& site : found->stock.sites) site.bins = {{site.bin, site.on_hand, true}};
    impl_->other_bins.each(
        [&](const Statement& s) {
          const auto at = std::ranges::find(found->stock.sites, s.text(0), &SiteFigure::site);
          if (at == found->stock.sites.end()) return;
          at->bins.push_back({s.str(1), s.integer(2), false});
          at->bins.front().quantity -= s.integer(2);
        },
        sku);
    impl_->barcodes.each(
        [&](const Statement& s) { found->barcodes.push_back({s.str(0), s.integer(1)}); }, sku);
    impl_->moves.each(
        [&](const Statement& s) {
          MoveRow move;
          move.position = s.integer(0);
          move.at_ms = s.integer(1);
          move.quantity = s.integer(2);
          move.from = s.str(3);
          move.to = s.str(4);
          move.reason = s.str(5);
          move.source = s.str(6);
          move.from_bin = s.str(7);
          move.to_bin = s.str(8);
          found->moves.push_back(std::move(move));
        },
        sku);
    impl_->reservations.each(
        [&](const Statement& s) {
          found->reservations.push_back({s.str(0), s.str(1), s.integer(2), s.integer(3)});
        },
        sku);
    return found;
  });
}

}  // namespace dockline::server::store
