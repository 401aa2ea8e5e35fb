#include "server/publish/supplier_post.hpp"

#include <algorithm>

#include "server/channels/webhook/purchase.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::publish {

namespace limits = base::limits;

namespace {

// Numbers of requests that no ChannelEngine gives, and no SupplierPost of a life before this one.
std::uint64_t first_request(base::Prng& prng) {
  return (std::uint64_t{1} << 62) | (prng.next() >> 20 << 12);
}

}  // namespace

SupplierPost::SupplierPost(std::uint64_t seed, std::map<std::string, std::string> keys)
    : prng_(seed), keys_(std::move(keys)), next_request_(first_request(prng_)) {}

void SupplierPost::load(base::Instant now, std::vector<PostRow> rows,
                        std::vector<PostChange>& changes) {
  for (auto& row : rows) {
    auto wait_ms = std::clamp<std::int64_t>(row.next_ms - now.wall_ms, 0, limits::kThrottleMostMs);
    if (row.sent) {
      row.sent = false;
      wait_ms = limits::kDoubtSettleMs;
      row.next_ms = now.wall_ms + wait_ms;
      changes.push_back({row, false});
    }
    const auto id = row.purchase;
    items_[id] = {.row = std::move(row), .due_ms = now.mono_ms + wait_ms};
  }
}

base::Status SupplierPost::put(base::Instant now, PostRow row, std::vector<PostChange>& changes) {
  const auto known = items_.find(row.purchase);
  if (known == items_.end() && items_.size() >= kPurchasesWaitingMax) {
    return base::fail(base::Fault::full,
                      std::to_string(items_.size()) +
                          " purchases wait for their suppliers' addresses: mend or remove those "
                          "that do not answer (`dockline suppliers set`)");
  }
  if (known != items_.end()) under_way_.erase(known->second.request);
  row.sent = row.late = false;
  row.attempts = 0;
  row.created_ms = row.next_ms = now.wall_ms;
  changes.push_back({row, false});
  const auto id = row.purchase;
  items_[id] = {.row = std::move(row), .due_ms = now.mono_ms};
  return {};
}

void SupplierPost::drop(const std::string& purchase, std::vector<PostChange>& changes) {
  const auto found = items_.find(purchase);
  if (found == items_.end()) return;
  under_way_.erase(found->second.request);
  changes.push_back({found->second.row, true});
  items_.erase(found);
}

// One at a time to each: a supplier gets its orders in no burst.
bool SupplierPost::is_free(const std::string& supplier) const {
  return under_way_.size() < kPurchasesUnderWayMax &&
         std::ranges::none_of(
             under_way_,
             [&](const auto& one) { return items_.at(one.second).row.supplier == supplier; });
}

std::vector<ChannelRequest> SupplierPost::start(base::Instant now,
                                                std::vector<PostChange>& changes) {
  std::vector<ChannelRequest> out;
  for (auto& [id, item] : items_) {
    if (under_way_.size() >= kPurchasesUnderWayMax) break;
    const auto key = keys_.find(item.row.supplier);
    // Without its key it waits in the store until the configuration has it again.
    if (item.row.sent || item.due_ms > now.mono_ms || key == keys_.end()) continue;
    if (!is_free(item.row.supplier)) continue;
    item.request = next_request_++;
    item.row.sent = true;
    ++item.row.attempts;
    under_way_.emplace(item.request, id);
    changes.push_back({item.row, false});
    out.push_back(
        {"supplier:" + item.row.supplier, item.request,
         channels::webhook::purchase_request(item.row.url, key->second, id, item.row.body, now)});
  }
  return out;
}

std::optional<SupplierPost::Ended> SupplierPost::on_result(base::Instant now,
                                                           const ChannelResult& result,
                                                           std::vector<PostChange>& changes) {
  const auto found = under_way_.find(result.request);
  if (found == under_way_.end()) return std::nullopt;
  const auto id = found->second;
  under_way_.erase(found);
  Item& item = items_.at(id);
  item.request = 0;
  item.row.sent = false;
  const auto verdict = channels::webhook::purchase_verdict(result.answer);
  if (const auto* rejected = std::get_if<channels::Rejected>(&verdict)) {
    return end(End::refused, id, rejected->why, rejected->proposed, changes);
  }
  if (const auto* slower = std::get_if<channels::Throttled>(&verdict)) {
    return again(now, item, slower->why, std::max(slower->delay_ms, limits::kThrottleFirstMs),
                 changes);
  }
  if (const auto* retry = std::get_if<channels::RetryAfter>(&verdict)) {
    // Nothing was answered: the request may take effect for a while yet.
    const auto settle_ms = result.answer ? std::int64_t{0} : limits::kDoubtSettleMs;
    return again(now, item, retry->why, std::max(retry->delay_ms, settle_ms), changes);
  }
  return end(End::taken, id, "", "", changes);
}

SupplierPost::Ended SupplierPost::end(End how, const std::string& purchase, std::string why,
                                      std::string proposed, std::vector<PostChange>& changes) {
  const auto found = items_.find(purchase);
  Ended out{how, std::move(found->second.row), std::move(why), std::move(proposed)};
  items_.erase(found);
  changes.push_back({out.row, true});
  return out;
}

std::optional<SupplierPost::Ended> SupplierPost::again(base::Instant now, Item& item,
                                                       const std::string& why,
                                                       std::int64_t delay_ms,
                                                       std::vector<PostChange>& changes) {
  auto& row = item.row;
  row.last_error = why;
  const auto waited_ms = now.wall_ms - row.created_ms;
  if (waited_ms >= kPurchaseGiveUpMs || row.attempts >= kPurchaseAttemptsMax) {
    return end(End::refused, row.purchase,
               why + " (given up after " + std::to_string(row.attempts) + " attempts)", "",
               changes);
  }
  delay_ms = std::max(delay_ms, back_off(row.attempts));
  item.due_ms = now.mono_ms + delay_ms;
  row.next_ms = now.wall_ms + delay_ms;
  const bool tell = !row.late && waited_ms >= kPurchaseLateMs;
  row.late = row.late || tell;
  changes.push_back({row, false});
  if (!tell) return std::nullopt;
  return Ended{End::late, row, why, ""};
}

std::int64_t SupplierPost::back_off(std::int64_t attempts) {
  const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, 20);
  const auto delay = std::min(limits::kRetryFirstMs << doublings, limits::kRetryMostMs);
  return prng_.between(delay / 2, delay);
}

std::optional<std::int64_t> SupplierPost::next_due_ms(base::Instant now) const {
  std::optional<std::int64_t> next;
  if (under_way_.size() >= kPurchasesUnderWayMax) return next;
  for (const auto& [id, item] : items_) {
    if (item.row.sent || !has_key(item.row.supplier) || !is_free(item.row.supplier)) continue;
    const auto due = std::max(item.due_ms, now.mono_ms);
    next = std::min(next.value_or(due), due);
  }
  return next;
}

}  // namespace dockline::server::publish
