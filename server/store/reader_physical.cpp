#include "server/store/reader_physical.hpp"

#include <algorithm>
#include <set>
#include <type_traits>
#include <variant>

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

constexpr std::string_view kFacts =
    "SELECT position, time_ms, heard_ms, body FROM events WHERE position > ?1 AND position <= ?2 "
    "AND type IN ('dockline.stock.moved.v1', 'dockline.stock.counted.v1', "
    "'dockline.delivery.received.v1', 'dockline.transfer.sent.v1', "
    "'dockline.transfer.received.v1', 'dockline.pack.closed.v1', 'dockline.pack.reopened.v1', "
    "'dockline.parcel.handed.over.v1', 'dockline.parcel.taken.back.v1', "
    "'dockline.order.returned.v1') ORDER BY position LIMIT ?3";
constexpr std::string_view kLast = "SELECT coalesce(max(position), 0) FROM events";
constexpr std::string_view kCodes =
    "SELECT code FROM p_barcode WHERE sku = ?1 AND pieces = 1 ORDER BY code";
constexpr std::string_view kByLease = "SELECT sscc FROM p_lease WHERE lease = ?1";
constexpr std::string_view kByTracking =
    "SELECT sscc FROM p_lease WHERE tracking = ?1 AND sscc <> '' LIMIT 1";
constexpr std::string_view kSiteOfBox = "SELECT site FROM p_handover WHERE box = ?1";

constexpr std::string_view kTransfer =
    "SELECT sku, from_site, to_site FROM p_transfer WHERE transfer = ?1";

void skus_of(const wire::Event& event, std::set<std::string>& out) {
  std::visit(
      [&](const auto& data) {
        using T = std::decay_t<decltype(data)>;
        if constexpr (std::is_same_v<T, wire::StockMoved> ||
                      std::is_same_v<T, wire::StockCounted> ||
                      std::is_same_v<T, wire::DeliveryReceived>) {
          out.insert(data.sku);
        } else if constexpr (std::is_same_v<T, wire::PackClosed> ||
                             std::is_same_v<T, wire::OrderReturned>) {
          for (const auto& line : data.lines) out.insert(line.sku);
        }
      },
      event.data);
}

void name(Reader::Impl& in, PhysicalPage& page) {
  std::set<std::string> skus;
  const auto sscc = [&](std::string_view sql, const std::string& key) {
    if (const auto found = in.query(sql).text(key)) page.sscc[key] = *found;
  };
  const auto transfer = [&](const std::string& id) {
    in.query(kTransfer).each(
        [&](const Statement& s) {
          skus.insert(s.str(0));
          page.transfers[id] = {s.str(0), s.str(1), s.str(2)};
        },
        id);
  };
  for (const auto& fact : page.facts) {
    skus_of(fact.event, skus);
    if (const auto* sent = std::get_if<wire::TransferSent>(&fact.event.data)) {
      transfer(sent->transfer);
    }
    if (const auto* came = std::get_if<wire::TransferReceived>(&fact.event.data)) {
      transfer(came->transfer);
    }
    if (const auto* again = std::get_if<wire::PackReopened>(&fact.event.data)) {
      sscc(kByLease, again->work.lease);
    }
    if (const auto* gone = std::get_if<wire::ParcelHandedOver>(&fact.event.data)) {
      sscc(kByTracking, gone->tracking);
    }
    if (const auto* back = std::get_if<wire::ParcelTakenBack>(&fact.event.data)) {
      sscc(kByTracking, back->tracking);
      if (auto site = in.query(kSiteOfBox).text(back->box)) page.sites[back->box] = *site;
    }
  }
  for (const auto& sku : skus) {
    in.query(kCodes).each([&](const Statement& s) { page.codes[sku].push_back(s.str(0)); }, sku);
  }
}

}  // namespace

base::Result<PhysicalPage> physical(Reader& reader, std::int64_t after, std::int64_t limit) {
  auto& in = reader.impl();
  limit = bounded(limit);
  return in.look([&] {
    PhysicalPage page;
    const std::int64_t last = in.query(kLast).integer().value_or(0);
    page.through = std::clamp(last, after, after + kPhysicalLookedAtMax);
    std::int64_t rows = 0, at = after;
    in.query(kFacts).each(
        [&](const Statement& s) {
          ++rows;
          at = s.integer(0);
          const std::string body = s.blob(3).empty() ? in.archive.body(at) : std::string(s.blob(3));
          if (auto event = wire::decode(body)) {
            page.facts.push_back({at, s.integer(1), s.integer(2), std::move(*event)});
          }
        },
        after, page.through, limit);
    if (rows == limit) page.through = at;
    page.more = page.through < last;
    name(in, page);
    return page;
  });
}

}  // namespace dockline::server::store
