// Projection tables of announced deliveries, receipts and transfers between sites. Written by the
// projector alone; reactions and commands read them. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/stock/asn.hpp"
#include "server/stock/transfers.hpp"
#include "server/store/query.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::store {

class DeliveryBook {
 public:
  DeliveryBook(sqlite::Db& db, Trouble& trouble);

  // A delivery that is there already stays as it is.
  void announce(std::int64_t position, std::int64_t at_ms, const wire::DeliveryAnnounced& data);
  void receive(std::int64_t position, std::int64_t at_ms, const wire::DeliveryReceived& data);
  void close(std::int64_t at_ms, const wire::DeliveryClosed& data);
  // With its lines.
  [[nodiscard]] std::optional<stock::Delivery> find(std::string_view delivery);
  [[nodiscard]] std::vector<stock::Receipt> receipts(std::string_view delivery);
  [[nodiscard]] std::int64_t receipt_count(std::string_view delivery);
  // Not closed and expected before `at_ms`, without a receipt: the longest overdue first.
  [[nodiscard]] std::vector<std::string> overdue(std::int64_t at_ms, std::int64_t limit);

  // A transfer that is there already stays as it is.
  void order(std::int64_t position, std::int64_t at_ms, const wire::TransferOrdered& data);
  [[nodiscard]] std::optional<stock::Transfer> transfer(std::string_view id);
  void put(const stock::Transfer& transfer, std::int64_t at_ms);
  // Not closed and expected before `at_ms`.
  [[nodiscard]] std::vector<stock::Transfer> late(std::int64_t at_ms, std::int64_t limit);

 private:
  Query announce_, add_line_, receive_, close_, find_, lines_, receipts_, receipt_count_, overdue_,
      order_, transfer_, put_, late_;
};

}  // namespace dockline::server::store
