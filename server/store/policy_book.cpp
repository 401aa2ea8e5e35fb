#include "server/store/policy_book.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define POLICY_COLUMNS \
  "sku, site, channel, safety, quota, share_pm, buffer, cap, why, by_whom, position"

PolicyRow read(const Statement& s) {
  return {.sku = s.str(0),
          .site = s.str(1),
          .channel = s.str(2),
          .safety = s.maybe_integer(3),
          .quota = s.maybe_integer(4),
          .share_pm = s.maybe_integer(5),
          .buffer = s.maybe_integer(6),
          .cap = s.maybe_integer(7),
          .why = s.str(8),
          .by = s.str(9),
          .position = s.integer(10)};
}

}  // namespace

PolicyBook::PolicyBook(sqlite::Db& db, Trouble& t)
    : put_(db, t,
           "INSERT OR REPLACE INTO p_policy(" POLICY_COLUMNS
           ") VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"),
      drop_(db, t, "DELETE FROM p_policy WHERE sku = ?1 AND site = ?2 AND channel = ?3"),
      row_(db, t,
           "SELECT " POLICY_COLUMNS " FROM p_policy WHERE sku = ?1 AND site = ?2 AND channel = ?3"),
      of_(db, t, "SELECT " POLICY_COLUMNS " FROM p_policy WHERE sku = ?1 ORDER BY site, channel"),
      any_(db, t, "SELECT 1 FROM p_policy WHERE sku > '' LIMIT 1"),
      quota_(db, t,
             "SELECT sku FROM p_policy WHERE site = ?1 AND channel = '' AND sku > ?2 AND "
             "quota > 0 ORDER BY sku LIMIT ?3"),
      sites_(db, t,
             "SELECT site, max(sku = '') FROM p_policy WHERE site > '' AND quota > 0 "
             "GROUP BY site ORDER BY site") {}

void PolicyBook::put(const wire::StockPolicySet& set, std::int64_t position) {
  const std::string sku = set.sku.value_or(""), site = set.site.value_or(""),
                    channel = set.channel.value_or("");
  if (!site.empty()) quota_sites_.reset();
  if (sku.empty()) {
    wide_.reset();
  } else {
    any_sku_.reset();
  }
  if (set.safety || set.quota || set.share_pm || set.buffer || set.cap) {
    put_.run(sku, site, channel, set.safety, set.quota, set.share_pm, set.buffer, set.cap, set.why,
             set.by, position);
  } else {
    drop_.run(sku, site, channel);
  }
}

std::optional<PolicyRow> PolicyBook::row(std::string_view site, std::string_view channel,
                                         std::string_view sku) {
  return row_.one(read, sku, site, channel);
}

void PolicyBook::load(std::string_view sku, std::vector<PolicyRow>& out) {
  out.clear();
  of_.each([&](const Statement& s) { out.push_back(read(s)); }, sku);
}

const std::vector<PolicyRow>& PolicyBook::of(std::string_view sku) {
  if (!any_sku_) any_sku_ = any_.integer().has_value();
  found_.clear();
  if (*any_sku_ && !sku.empty()) load(sku, found_);
  return found_;
}

const std::vector<PolicyRow>& PolicyBook::wide() {
  if (!wide_) load("", wide_.emplace());
  return *wide_;
}

std::vector<std::string> PolicyBook::with_quota(std::string_view site, std::string_view after,
                                                std::int64_t limit) {
  std::vector<std::string> out;
  quota_.each([&](const Statement& s) { out.push_back(s.str(0)); }, site, after, limit);
  return out;
}

const std::vector<PolicyBook::QuotaSite>& PolicyBook::quota_sites() {
  if (!quota_sites_) {
    quota_sites_.emplace();
    sites_.each(
        [&](const Statement& s) { quota_sites_->push_back({s.str(0), s.integer(1) != 0}); });
  }
  return *quota_sites_;
}

}  // namespace dockline::server::store
