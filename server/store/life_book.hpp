// Projection tables of an order's life between receipt and boxes: holds, parts, forecasts, and how
// much may be sold that is not there. Written by the projector alone. Errors are sticky
// (query.hpp).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/orders/backorders.hpp"
#include "server/store/query.hpp"
#include "shared/domain/types.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::store {

using domain::Quantity;

struct HoldRow {
  std::int64_t position = 0;
  std::string reason, about, what, proposal, by;
  std::int64_t since_ms = 0;
  std::string state;  // open, released, corrected
  std::string ended_by, ended_why;
  std::int64_t ended_ms = 0;
};
// Pieces of a line that travel in a parcel of their own.
struct PartRow {
  std::int64_t part = 0, line = 0;
  Quantity quantity = 0;
};
struct ForecastRow {
  std::string outlook;
  std::int64_t promised_ms = 0, predicted_ms = 0;
  std::string worst, why;
  std::int64_t at_ms = 0;
};

class LifeBook {
 public:
  LifeBook(sqlite::Db& db, Trouble& trouble);

  void put_hold(std::int64_t ord, const HoldRow& hold);        // a new row, or the same one ended
  [[nodiscard]] std::vector<HoldRow> holds(std::int64_t ord);  // in the order they came

  // Orders that are held because of this SKU's limit.
  [[nodiscard]] std::vector<std::int64_t> held_for(std::string_view sku, std::int64_t limit);

  void put_part(std::int64_t ord, const PartRow& part);
  [[nodiscard]] std::vector<PartRow> parts(std::int64_t ord);
  // By line: pieces that leases of this part hold or have packed.
  [[nodiscard]] std::map<std::int64_t, Quantity> in_leases(std::int64_t ord, std::int64_t part);

  void put_forecast(std::int64_t ord, const ForecastRow& row);
  [[nodiscard]] std::optional<ForecastRow> forecast(std::int64_t ord);

  // When the order was opened last by this source, its clock; not after `until_ms`.
  [[nodiscard]] std::optional<std::int64_t> opened_ms(std::int64_t ord, std::string_view source,
                                                      std::int64_t until_ms);

  void put_backorder(std::int64_t position, const wire::BackorderPolicySet& set);
  // Without a row there is no limit.
  [[nodiscard]] std::optional<orders::Waiting> backorder(std::string_view sku);
  // SKUs whose release lies after `after_ms` and not after `until_ms`.
  [[nodiscard]] std::vector<std::string> released(std::int64_t after_ms, std::int64_t until_ms,
                                                  std::int64_t limit);
  // Drops what is kept of the tables: after a rollback.
  void forget() { backorders_.reset(); }

 private:
  Query put_hold_, holds_, held_for_, put_part_, parts_, reserved_, packed_, put_forecast_,
      forecast_, opened_, put_backorder_, drop_backorder_, backorder_, released_, any_backorder_;
  std::optional<std::int64_t> backorders_;  // 0: no item has one, which each order asks; none: ask
};

}  // namespace dockline::server::store
