// Projection table of stock policies: what a site keeps back, what a channel is shown less. Written
// by the projector alone. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/domain/types.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::store {

using domain::Quantity;

struct PolicyRow {
  std::string sku, site, channel;  // one of site and channel is empty; sku: empty for all
  std::optional<Quantity> safety, quota;
  std::optional<std::int64_t> share_pm;
  std::optional<Quantity> buffer, cap;
  std::string why, by;
  std::int64_t position = 0;
};

class PolicyBook {
 public:
  PolicyBook(sqlite::Db& db, Trouble& trouble);

  // Replaces the row; one that sets nothing is taken out.
  void put(const wire::StockPolicySet& set, std::int64_t position);
  [[nodiscard]] std::optional<PolicyRow> row(std::string_view site, std::string_view channel,
                                             std::string_view sku);
  // All rows of a SKU; empty without a look at the table while no SKU has any.
  [[nodiscard]] const std::vector<PolicyRow>& of(std::string_view sku);
  // All rows without a SKU, kept in memory: one for each site and channel at most.
  [[nodiscard]] const std::vector<PolicyRow>& wide();
  // SKUs greater than `after` that have a quota of their own at a site.
  [[nodiscard]] std::vector<std::string> with_quota(std::string_view site, std::string_view after,
                                                    std::int64_t limit);
  // Sites with a quota, by name, kept in memory; wide: for all their SKUs.
  struct QuotaSite {
    std::string name;
    bool wide = false;
  };
  [[nodiscard]] const std::vector<QuotaSite>& quota_sites();

 private:
  void load(std::string_view sku, std::vector<PolicyRow>& out);
  Query put_, drop_, row_, of_, any_, quota_, sites_;
  std::optional<std::vector<PolicyRow>> wide_;
  std::optional<std::vector<QuotaSite>> quota_sites_;
  std::optional<bool> any_sku_;
  std::vector<PolicyRow> found_;
};

}  // namespace dockline::server::store
