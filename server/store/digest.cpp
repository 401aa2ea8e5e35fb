// The projection tables in canonical order, one text per row: what replay is compared by. A column
// that is added to a projection is added here; a test compares this list with the schema.
#include "server/store/digest.hpp"

#include <array>

#include "shared/base/bytes.hpp"

namespace dockline::server::store {
namespace {

struct Table {
  const char* name;
  const char* rows;
};

constexpr std::array kTables = {
    Table{"p_item",
          "SELECT "
          "quote(sku) || ',' || quote(title) || ',' || quote(detail)"
          " || ',' || quote(weight_g) || ',' || quote(origin)"
          " || ',' || quote(position) || ',' || quote(hazardous)"
          " || ',' || quote(cold_chain) || ',' || quote(tracked)"
          " || ',' || quote(cost_minor)"
          " FROM p_item ORDER BY sku"},
    Table{"p_barcode",
          "SELECT "
          "quote(sku) || ',' || quote(code) || ',' || quote(pieces)"
          " || ',' || quote(unit)"
          " FROM p_barcode ORDER BY sku, code"},
    Table{"p_bin",
          "SELECT "
          "quote(sku) || ',' || quote(site) || ',' || quote(bin)"
          " FROM p_bin ORDER BY sku, site"},
    Table{"p_bin_stock",
          "SELECT "
          "quote(sku) || ',' || quote(site) || ',' || quote(bin) || ',' || quote(quantity)"
          " FROM p_bin_stock ORDER BY sku, site, bin"},
    Table{"p_move",
          "SELECT "
          "quote(position) || ',' || quote(n) || ',' || quote(sku)"
          " || ',' || quote(quantity) || ',' || quote(from_place)"
          " || ',' || quote(to_place) || ',' || quote(reason)"
          " || ',' || quote(from_bin) || ',' || quote(to_bin)"
          " FROM p_move ORDER BY position, n"},
    Table{"p_balance",
          "SELECT "
          "quote(sku) || ',' || quote(place) || ',' || quote(quantity)"
          " || ',' || quote(as_of_ms)"
          " FROM p_balance ORDER BY sku, place"},
    Table{"p_order",
          "SELECT "
          "quote(ord) || ',' || quote(id) || ',' || quote(channel)"
          " || ',' || quote(number) || ',' || quote(external_id)"
          " || ',' || quote(customer) || ',' || quote(currency)"
          " || ',' || quote(ship_to) || ',' || quote(charges)"
          " || ',' || quote(placed_ms) || ',' || quote(received_ms)"
          " || ',' || quote(updated_ms) || ',' || quote(state) || ',' || quote(site)"
          " || ',' || quote(station) || ',' || quote(tracking)"
          " || ',' || quote(carrier) || ',' || quote(sscc) || ',' || quote(pieces)"
          " || ',' || quote(packed) || ',' || quote(fulfilled_ms)"
          " || ',' || quote(buyer) || ',' || quote(promised_ms) || ',' || quote(vip)"
          " || ',' || quote(fetched) || ',' || quote(held)"
          " FROM p_order ORDER BY ord"},
    Table{"p_line",
          "SELECT "
          "quote(ord) || ',' || quote(line) || ',' || quote(sku)"
          " || ',' || quote(title) || ',' || quote(quantity)"
          " || ',' || quote(unit_price_minor) || ',' || quote(external_id)"
          " || ',' || quote(open) || ',' || quote(backordered)"
          " || ',' || quote(allocated) || ',' || quote(released)"
          " || ',' || quote(packed) || ',' || quote(shipped)"
          " || ',' || quote(delivered) || ',' || quote(cancelled)"
          " || ',' || quote(returned) || ',' || quote(site) || ',' || quote(counted)"
          " || ',' || quote(missing) || ',' || quote(told)"
          " FROM p_line ORDER BY ord, line"},
    Table{"p_reservation",
          "SELECT "
          "quote(ord) || ',' || quote(line) || ',' || quote(site)"
          " || ',' || quote(lease) || ',' || quote(sku) || ',' || quote(quantity)"
          " FROM p_reservation ORDER BY ord, line, site, lease"},
    Table{"p_lease",
          "SELECT "
          "quote(lease) || ',' || quote(ord) || ',' || quote(epoch)"
          " || ',' || quote(site) || ',' || quote(station) || ',' || quote(state)"
          " || ',' || quote(touched) || ',' || quote(told)"
          " || ',' || quote(granted_ms) || ',' || quote(ended_ms)"
          " || ',' || quote(tracking) || ',' || quote(sscc) || ',' || quote(carrier)"
          " || ',' || quote(service) || ',' || quote(holder)"
          " || ',' || quote(part) || ',' || quote(stale)"
          " FROM p_lease ORDER BY lease"},
    Table{"p_hold",
          "SELECT "
          "quote(ord) || ',' || quote(position) || ',' || quote(reason)"
          " || ',' || quote(about) || ',' || quote(what) || ',' || quote(proposal)"
          " || ',' || quote(by_whom) || ',' || quote(since_ms) || ',' || quote(state)"
          " || ',' || quote(ended_by) || ',' || quote(ended_why) || ',' || quote(ended_ms)"
          " FROM p_hold ORDER BY ord, position"},
    Table{"p_part",
          "SELECT "
          "quote(ord) || ',' || quote(part) || ',' || quote(line) || ',' || quote(quantity)"
          " FROM p_part ORDER BY ord, part, line"},
    Table{"p_merge",
          "SELECT "
          "quote(ord) || ',' || quote(parcel) || ',' || quote(apart)"
          " FROM p_merge ORDER BY ord"},
    Table{"p_handover",
          "SELECT "
          "quote(box) || ',' || quote(ord) || ',' || quote(site) || ',' || quote(carrier)"
          " || ',' || quote(tracking) || ',' || quote(state) || ',' || quote(closed_ms)"
          " || ',' || quote(manifest) || ',' || quote(handed_ms) || ',' || quote(delivered_ms)"
          " FROM p_handover ORDER BY box"},
    Table{"p_handed",
          "SELECT "
          "quote(box) || ',' || quote(line) || ',' || quote(quantity)"
          " FROM p_handed ORDER BY box, line"},
    Table{"p_site",
          "SELECT "
          "quote(site) || ',' || quote(key) || ',' || quote(value)"
          " FROM p_site ORDER BY site, key"},
    Table{"p_forecast",
          "SELECT "
          "quote(ord) || ',' || quote(outlook) || ',' || quote(promised_ms)"
          " || ',' || quote(predicted_ms) || ',' || quote(worst) || ',' || quote(why)"
          " || ',' || quote(at_ms)"
          " FROM p_forecast ORDER BY ord"},
    Table{"p_backorder",
          "SELECT "
          "quote(sku) || ',' || quote(most) || ',' || quote(preorder)"
          " || ',' || quote(released_ms) || ',' || quote(preorder_most)"
          " || ',' || quote(why) || ',' || quote(by_whom) || ',' || quote(position)"
          " FROM p_backorder ORDER BY sku"},
    Table{"p_fenced",
          "SELECT "
          "quote(box) || ',' || quote(position) || ',' || quote(order_id)"
          " || ',' || quote(lease) || ',' || quote(epoch) || ',' || quote(site)"
          " || ',' || quote(station) || ',' || quote(holder) || ',' || quote(tracking)"
          " || ',' || quote(sscc) || ',' || quote(carrier) || ',' || quote(service)"
          " || ',' || quote(state)"
          " FROM p_fenced ORDER BY box"},
    Table{"p_fenced_line",
          "SELECT "
          "quote(box) || ',' || quote(line) || ',' || quote(sku) || ',' || quote(quantity)"
          " FROM p_fenced_line ORDER BY box, line"},
    Table{"p_station_lease",
          "SELECT "
          "quote(site) || ',' || quote(station) || ',' || quote(lease)"
          " || ',' || quote(epoch) || ',' || quote(order_id) || ',' || quote(state)"
          " FROM p_station_lease ORDER BY site, station, lease"},
    Table{"p_census",
          "SELECT "
          "quote(census) || ',' || quote(site) || ',' || quote(station)"
          " || ',' || quote(state) || ',' || quote(at_ms)"
          " FROM p_census ORDER BY census, site, station"},
    Table{"p_parcel",
          "SELECT "
          "quote(lease) || ',' || quote(line) || ',' || quote(sku)"
          " || ',' || quote(quantity) || ',' || quote(accepted)"
          " FROM p_parcel ORDER BY lease, line"},
    Table{"p_notice",
          "SELECT "
          "quote(ord) || ',' || quote(tracking) || ',' || quote(line)"
          " || ',' || quote(quantity) || ',' || quote(told)"
          " FROM p_notice ORDER BY ord, tracking, line"},
    Table{"p_held",
          "SELECT "
          "quote(channel) || ',' || quote(sku) || ',' || quote(quantity)"
          " FROM p_held ORDER BY channel, sku"},
    Table{"p_told",
          "SELECT "
          "quote(channel) || ',' || quote(sku) || ',' || quote(location)"
          " || ',' || quote(listing) || ',' || quote(quantity)"
          " || ',' || quote(caused_ms) || ',' || quote(sent_ms)"
          " || ',' || quote(confirmed_ms)"
          " FROM p_told ORDER BY channel, sku, location"},
    Table{"p_policy",
          "SELECT "
          "quote(sku) || ',' || quote(site) || ',' || quote(channel)"
          " || ',' || quote(safety) || ',' || quote(quota) || ',' || quote(share_pm)"
          " || ',' || quote(buffer) || ',' || quote(cap) || ',' || quote(why)"
          " || ',' || quote(by_whom) || ',' || quote(position)"
          " FROM p_policy ORDER BY sku, site, channel"},
    Table{"p_kit",
          "SELECT "
          "quote(kit) || ',' || quote(part) || ',' || quote(pieces)"
          " || ',' || quote(position)"
          " FROM p_kit ORDER BY kit, part"},
    Table{"p_kit_line",
          "SELECT "
          "quote(ord) || ',' || quote(line) || ',' || quote(sku)"
          " || ',' || quote(title) || ',' || quote(quantity) || ',' || quote(unit_price_minor)"
          " || ',' || quote(external_id)"
          " FROM p_kit_line ORDER BY ord, line"},
    Table{"p_kit_part",
          "SELECT "
          "quote(ord) || ',' || quote(line) || ',' || quote(kit_line)"
          " || ',' || quote(pieces)"
          " FROM p_kit_part ORDER BY ord, line"},
    Table{"p_drift",
          "SELECT "
          "quote(channel) || ',' || quote(sku) || ',' || quote(location)"
          " || ',' || quote(told) || ',' || quote(shown) || ',' || quote(cause)"
          " || ',' || quote(why) || ',' || quote(at_ms) || ',' || quote(times)"
          " || ',' || quote(position)"
          " FROM p_drift ORDER BY channel, sku, location"},
    Table{"p_timeline",
          "SELECT "
          "quote(ord) || ',' || quote(position)"
          " FROM p_timeline ORDER BY ord, position"},
    Table{"p_decision",
          "SELECT "
          "quote(position) || ',' || quote(id) || ',' || quote(kind)"
          " || ',' || quote(subject) || ',' || quote(rule) || ',' || quote(version)"
          " || ',' || quote(outcome) || ',' || quote(reason)"
          " FROM p_decision ORDER BY position"},
    Table{"p_exception",
          "SELECT "
          "quote(position) || ',' || quote(id) || ',' || quote(kind)"
          " || ',' || quote(subject) || ',' || quote(what) || ',' || quote(context)"
          " || ',' || quote(proposed) || ',' || quote(raised_ms)"
          " || ',' || quote(resolved_ms) || ',' || quote(action)"
          " || ',' || quote(by_whom)"
          " FROM p_exception ORDER BY position"},
    Table{"p_device",
          "SELECT "
          "quote(site) || ',' || quote(station) || ',' || quote(device)"
          " || ',' || quote(kind) || ',' || quote(state) || ',' || quote(detail)"
          " || ',' || quote(at_ms)"
          " FROM p_device ORDER BY site, station, device"},
    Table{"p_delivery",
          "SELECT "
          "quote(delivery) || ',' || quote(position) || ',' || quote(supplier)"
          " || ',' || quote(site) || ',' || quote(expected_ms) || ',' || quote(purchase)"
          " || ',' || quote(origin) || ',' || quote(announced_ms) || ',' || quote(closed_ms)"
          " || ',' || quote(why) || ',' || quote(by_whom)"
          " FROM p_delivery ORDER BY delivery"},
    Table{"p_delivery_line",
          "SELECT "
          "quote(delivery) || ',' || quote(line) || ',' || quote(sku)"
          " || ',' || quote(quantity)"
          " FROM p_delivery_line ORDER BY delivery, line"},
    Table{"p_receipt",
          "SELECT "
          "quote(position) || ',' || quote(delivery) || ',' || quote(site)"
          " || ',' || quote(sku) || ',' || quote(code) || ',' || quote(quantity)"
          " || ',' || quote(damaged) || ',' || quote(at_ms) || ',' || quote(by_whom)"
          " FROM p_receipt ORDER BY position"},
    Table{"p_transfer",
          "SELECT "
          "quote(transfer) || ',' || quote(position) || ',' || quote(sku)"
          " || ',' || quote(from_site) || ',' || quote(to_site) || ',' || quote(quantity)"
          " || ',' || quote(sent) || ',' || quote(received) || ',' || quote(damaged)"
          " || ',' || quote(settled) || ',' || quote(expected_ms) || ',' || quote(ordered_ms)"
          " || ',' || quote(changed_ms) || ',' || quote(closed) || ',' || quote(why)"
          " || ',' || quote(by_whom)"
          " FROM p_transfer ORDER BY transfer"},
    Table{"p_count",
          "SELECT "
          "quote(position) || ',' || quote(sku) || ',' || quote(site)"
          " || ',' || quote(hlc) || ',' || quote(source) || ',' || quote(counted)"
          " || ',' || quote(difference) || ',' || quote(counts) || ',' || quote(task)"
          " || ',' || quote(bin) || ',' || quote(by_whom) || ',' || quote(at_ms)"
          " FROM p_count ORDER BY position"},
    Table{"p_count_task",
          "SELECT "
          "quote(task) || ',' || quote(position) || ',' || quote(sku)"
          " || ',' || quote(site) || ',' || quote(station) || ',' || quote(bin)"
          " || ',' || quote(why) || ',' || quote(asked_ms) || ',' || quote(state)"
          " || ',' || quote(ended_ms)"
          " FROM p_count_task ORDER BY task"},
    Table{"p_counted",
          "SELECT "
          "quote(sku) || ',' || quote(site) || ',' || quote(hlc)"
          " || ',' || quote(source) || ',' || quote(open) || ',' || quote(said_hlc)"
          " FROM p_counted ORDER BY sku, site"},
    Table{"p_count_trace",
          "SELECT "
          "quote(sku) || ',' || quote(site) || ',' || quote(hlc)"
          " || ',' || quote(source) || ',' || quote(position) || ',' || quote(n)"
          " || ',' || quote(change)"
          " FROM p_count_trace ORDER BY sku, site, hlc, source, position, n"},
    Table{"p_lot",
          "SELECT "
          "quote(sku) || ',' || quote(place) || ',' || quote(lot)"
          " || ',' || quote(serial) || ',' || quote(expires_ms) || ',' || quote(ownership)"
          " || ',' || quote(owner) || ',' || quote(quantity) || ',' || quote(received_ms)"
          " FROM p_lot ORDER BY sku, place, lot, serial, expires_ms, ownership, owner"},
    Table{"p_packed_lot",
          "SELECT "
          "quote(box) || ',' || quote(line) || ',' || quote(sku) || ',' || quote(lot)"
          " || ',' || quote(serial) || ',' || quote(expires_ms) || ',' || quote(quantity)"
          " || ',' || quote(unknown) || ',' || quote(order_id) || ',' || quote(other)"
          " FROM p_packed_lot ORDER BY box, line, sku, lot, serial, expires_ms"},
    Table{"p_supplier",
          "SELECT "
          "quote(supplier) || ',' || quote(title) || ',' || quote(email)"
          " || ',' || quote(webhook) || ',' || quote(lead_days) || ',' || quote(review_days)"
          " FROM p_supplier ORDER BY supplier"},
    Table{"p_supply",
          "SELECT "
          "quote(sku) || ',' || quote(supplier) || ',' || quote(rank)"
          " || ',' || quote(supplier_sku) || ',' || quote(pack) || ',' || quote(minimum)"
          " || ',' || quote(price_minor) || ',' || quote(currency) || ',' || quote(safety_days)"
          " FROM p_supply ORDER BY sku, supplier"},
    Table{"p_order_count",
          "SELECT quote(channel) || ',' || quote(state) || ',' || quote(orders)"
          " FROM p_order_count WHERE orders <> 0 ORDER BY channel, state"},
    Table{"p_purchase",
          "SELECT "
          "quote(purchase) || ',' || quote(position) || ',' || quote(supplier)"
          " || ',' || quote(site) || ',' || quote(currency) || ',' || quote(state)"
          " || ',' || quote(proposed_ms) || ',' || quote(decided_ms) || ',' || quote(expect_ms)"
          " || ',' || quote(why) || ',' || quote(by_whom) || ',' || quote(told)"
          " || ',' || quote(told_ms) || ',' || quote(told_why) || ',' || quote(told_by)"
          " FROM p_purchase ORDER BY purchase"},
    Table{"p_purchase_line",
          "SELECT "
          "quote(purchase) || ',' || quote(line) || ',' || quote(sku)"
          " || ',' || quote(supplier_sku) || ',' || quote(quantity) || ',' || quote(price_minor)"
          " || ',' || quote(why)"
          " FROM p_purchase_line ORDER BY purchase, line"},
    Table{"p_import_row",
          "SELECT "
          "quote(fingerprint) || ',' || quote(row) || ',' || quote(outcome)"
          " || ',' || quote(subject) || ',' || quote(why)"
          " FROM p_import_row ORDER BY fingerprint, row"},
};

}  // namespace

std::vector<TableDigest> digests(sqlite::Db& db, Trouble& trouble) {
  std::vector<TableDigest> out;
  for (const auto& table : kTables) {
    TableDigest digest{table.name, 0, {}};
    // Chained, so that a table of any size needs no more memory than a row.
    base::Digest sum = base::sha256(table.name);
    Query rows(db, trouble, table.rows);
    rows.each([&](const sqlite::Statement& s) {
      sum = base::sha256(std::string_view(reinterpret_cast<const char*>(sum.data()), sum.size()),
                         s.text(0));
      ++digest.rows;
    });
    digest.sha256 = base::to_hex(sum);
    out.push_back(std::move(digest));
  }
  return out;
}

}  // namespace dockline::server::store
