// The read side of suppliers, purchases, what the daily look found, and whole tables for export.
// Thread rule and failures: reader.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "server/stock/reorder.hpp"
#include "server/store/reader_receiving.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::store {

struct SupplierRow {
  std::string supplier, title, email, webhook;
  std::int64_t lead_days = 0, review_days = 0, skus = 0;
};
struct SupplyRow {
  std::string sku, supplier, supplier_sku, currency;
  std::int64_t rank = 1, pack = 1, minimum = 0, price_minor = 0, safety_days = 0;
};
// How the supplier hears of an ordered purchase: waiting (for its address), taken, refused,
// otherwise (a person told it), or empty: nothing is known of it.
struct SendingRow {
  std::string state, why, by;
  std::int64_t at_ms = 0;
  // While it waits.
  std::string url;
  std::int64_t attempts = 0, next_ms = 0;
};
struct PurchaseRow {
  std::int64_t position = 0, proposed_ms = 0, decided_ms = 0, expect_ms = 0;
  std::string purchase, supplier, title, email, webhook, site, currency, state, why, by;
  stock::Purchase lines;  // as they were proposed
  SendingRow sending;
};
struct SuspectRow {
  std::string sku, title, site, evidence_json;
  std::int64_t odds_pm = 0, milli_bits = 0, at_ms = 0, on_hand = 0, place = 0;
  bool asked = false;  // a count is open
};
struct ProposalRow {
  stock::TransferProposal proposal;
  std::int64_t at_ms = 0;
};

[[nodiscard]] base::Result<std::vector<SupplierRow>> suppliers(Reader& reader);
// Of one SKU, or (empty) all after that SKU.
struct SupplyQuery {
  std::string supplier, sku;  // empty: all
  std::string after;          // of the page before
  std::int64_t skip = 0;      // rows between `after` and the page
  std::int64_t limit = 50;
};
// By SKU and supplier.
[[nodiscard]] base::Result<Page<SupplyRow>> supplies(Reader& reader, const SupplyQuery& query);
[[nodiscard]] base::Result<Page<PurchaseRow>> purchases(Reader& reader,
                                                        const ReceivingQuery& query);
[[nodiscard]] base::Result<std::optional<PurchaseRow>> purchase(Reader& reader,
                                                                const std::string& id);
// The most suspect first; at most 500.
[[nodiscard]] base::Result<std::vector<SuspectRow>> suspects(Reader& reader,
                                                             const std::string& site);
[[nodiscard]] base::Result<std::vector<ProposalRow>> transfer_proposals(Reader& reader);

// ---- whole tables
// Items behind this SKU with their bar codes.
[[nodiscard]] base::Result<std::vector<domain::Item>> items(Reader& reader,
                                                            const std::string& after,
                                                            std::int64_t limit);
// What the file is about: items, barcodes, stock, suppliers, supplies, purchases. First row: names.
// Ends with the row for which `take` says false. Fault::reject: there is no such file.
[[nodiscard]] base::Status export_each(
    Reader& reader, const std::string& what,
    const std::function<bool(const std::vector<std::string>&)>& take);
// The same at once, of short ones.
[[nodiscard]] base::Result<std::vector<std::vector<std::string>>> export_rows(
    Reader& reader, const std::string& what);

}  // namespace dockline::server::store
