#include "server/app/reserved_check.hpp"

#include <algorithm>
#include <utility>

namespace dockline::server {
namespace {

constexpr std::int64_t kRowsPerLook = 500;
constexpr std::int64_t kLookMs = 1'000;
constexpr std::int64_t kRoundMs = 300'000;  // from the end of a round to the next
constexpr std::string_view kKind = "reserved_differs", kSubject = "reservations";

}  // namespace

base::Status ReservedCheck::tick() {
  if (core_.now.mono_ms < next_ms_) return {};
  next_ms_ = core_.now.mono_ms + kLookMs;
  auto page = rows_.page(at_, kRowsPerLook);
  if (!page) return base::pass(page.error());
  const bool last = std::cmp_less(page->size(), kRowsPerLook);
  if (!last) {
    // The rows of its last line may go on behind it: that line is for the next look. One that fills
    // a page alone is passed over; the audit compares it.
    const auto cut = page->back().at;
    const auto whole = std::ranges::find(*page, cut, &store::ReservedRow::at);
    at_ = whole == page->begin() ? cut : std::prev(whole)->at;
    page->erase(whole, page->end());
  }
  std::vector<stock::Kept> rows, claims;
  for (const auto& row : *page) {
    auto& side = row.is_line ? claims : rows;
    for (const bool leased : {false, true}) {
      const auto pieces = leased ? row.released : row.allocated;
      if (pieces != 0) side.push_back({row.at.ord, row.at.line, row.sku, leased, pieces});
    }
  }
  const auto drifts = stock::drift(rows, claims);
  if (!drifts.empty()) found(drifts.front());
  return last ? finish_round() : core_.store->trouble();
}

void ReservedCheck::found(const stock::Drift& first) {
  if (std::exchange(differs_, true)) return;
  const auto head = core_.store->orders.head(first.order);
  auto what = (head ? "Order " + head->number + ", line "
                    : "An order that does not exist (" + std::to_string(first.order) + "), line ") +
              std::to_string(first.line) + ": " + std::to_string(first.rows) + " of " + first.sku +
              " are reserved, " + std::to_string(first.claimed) + " are " +
              (first.leased ? "released." : "allocated.");
  if (what == said_) return;
  core_.raise(kKind, std::string(kSubject), what,
              first.rows > first.claimed
                  ? "Pieces are kept that no order wants: too little is sold"
                  : "An order counts on pieces that nobody keeps: they can be sold a second time");
  said_ = std::move(what);
}

base::Status ReservedCheck::finish_round() {
  at_ = {};
  next_ms_ = core_.now.mono_ms + kRoundMs;
  if (std::exchange(differs_, false)) return core_.store->trouble();
  said_.clear();
  const std::string subject(kSubject);
  const auto open = core_.store->cases.open_id(kKind, subject);
  if (!open) return core_.store->trouble();
  const auto kept =
      core_.record(wire::ExceptionResolved{*open, "ended", "server"}, {.subject = subject});
  return kept ? core_.store->trouble() : base::pass(kept.error());
}

}  // namespace dockline::server
