// Private to server/audit: the tables against what the facts say they must hold.
#pragma once

#include "server/audit/fold.hpp"
#include "server/audit/impl.hpp"

namespace dockline::server::audit {

// Orders, lines, reservations, leases, parcels, exceptions, balances, what channels were told.
[[nodiscard]] base::Status check_orders(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_leases(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_ledger(sqlite::Db& db, const Fold& fold, Report& report,
                                        Findings& findings);
// Deliveries, receipts and transfers; counts and their tasks. A file that was made before there
// were any has no such tables and nothing to check.
[[nodiscard]] base::Status check_receiving(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_buying(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_counts(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_bins(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_lots(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_packed_lots(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_listings(sqlite::Db& db, Findings& findings);
[[nodiscard]] base::Status check_cases(sqlite::Db& db, const Fold& fold, Findings& findings);
[[nodiscard]] base::Status check_outbox(sqlite::Db& db, const Fold& fold, Report& report,
                                        Findings& findings);

}  // namespace dockline::server::audit
