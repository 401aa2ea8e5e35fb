#include "server/store/mirror_table.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_OF " WHERE site = ?1 AND station = ?2"

}  // namespace

MirrorTable::MirrorTable(sqlite::Db& db, Trouble& t)
    : reset_rows_(db, t, "DELETE FROM mirror" DOCKLINE_OF),
      reset_sums_(db, t, "DELETE FROM mirror_sum" DOCKLINE_OF),
      reset_leases_(db, t, "DELETE FROM mirror_lease" DOCKLINE_OF " AND holder <> ?3"),
      reset_lines_(db, t,
                   "DELETE FROM mirror_lease_line" DOCKLINE_OF
                   " AND lease NOT IN (SELECT lease FROM mirror_lease" DOCKLINE_OF ")"),
      reset_queries_(db, t, "DELETE FROM mirror_query" DOCKLINE_OF),
      uncount_(db, t, "UPDATE mirror_lease SET counted = 0" DOCKLINE_OF),
      get_(db, t,
           "SELECT quantity FROM mirror" DOCKLINE_OF
           " AND bucket = ?3 AND sku = ?4 AND place = ?5"),
      put_(db, t,
           "INSERT INTO mirror(site, station, bucket, sku, place, quantity) "
           "VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET quantity = ?6"),
      del_(db, t, "DELETE FROM mirror" DOCKLINE_OF " AND bucket = ?3 AND sku = ?4 AND place = ?5"),
      sum_of_(db, t, "SELECT sum FROM mirror_sum" DOCKLINE_OF " AND bucket = ?3"),
      // SQLite's integers do not wrap: the new sum is made by the caller.
      sum_(db, t,
           "INSERT INTO mirror_sum(site, station, bucket, sum, touched, skips) "
           "VALUES(?1, ?2, ?3, ?4, 0, 0) ON CONFLICT DO UPDATE SET sum = ?4"),
      touch_(db, t,
             "INSERT INTO mirror_sum(site, station, bucket, sum, touched, skips) "
             "VALUES(?1, ?2, ?3, 0, ?4, 0) ON CONFLICT DO UPDATE SET touched = ?4"),
      touch_all_(db, t, "UPDATE mirror_sum SET touched = ?3" DOCKLINE_OF),
      skips_(db, t, "UPDATE mirror_sum SET skips = ?4" DOCKLINE_OF " AND bucket = ?3"),
      buckets_(db, t,
               "SELECT bucket, sum, touched, skips FROM mirror_sum" DOCKLINE_OF " ORDER BY bucket"),
      rows_(db, t,
            "SELECT sku, place, quantity FROM mirror" DOCKLINE_OF
            " AND bucket = ?3 ORDER BY sku, place"),
      state_(db, t,
             "SELECT inc, begun, down_inc, compared_ms, differed_ms FROM mirror_state" DOCKLINE_OF),
      put_state_(db, t,
                 "INSERT OR REPLACE INTO mirror_state(site, station, inc, begun, down_inc, "
                 "compared_ms, differed_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      lease_(db, t,
             "SELECT epoch, holder, seq, counted FROM mirror_lease" DOCKLINE_OF " AND lease = ?3"),
      put_lease_(db, t,
                 "INSERT OR REPLACE INTO mirror_lease(site, station, lease, epoch, holder, seq, "
                 "counted) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      drop_lease_(db, t, "DELETE FROM mirror_lease" DOCKLINE_OF " AND lease = ?3"),
      drop_lines_(db, t, "DELETE FROM mirror_lease_line" DOCKLINE_OF " AND lease = ?3"),
      lines_(db, t,
             "SELECT sku, leased, packed FROM mirror_lease_line" DOCKLINE_OF
             " AND lease = ?3 ORDER BY sku"),
      add_line_(db, t,
                "INSERT INTO mirror_lease_line(site, station, lease, sku, leased, packed) "
                "VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO UPDATE SET leased = leased + ?5, "
                "packed = packed + ?6"),
      clear_packed_(db, t, "UPDATE mirror_lease_line SET packed = 0" DOCKLINE_OF " AND lease = ?3"),
      all_leases_(db, t, "SELECT lease FROM mirror_lease" DOCKLINE_OF " ORDER BY lease"),
      ended_(db, t,
             "SELECT lease FROM mirror_lease" DOCKLINE_OF " AND counted = 0 AND lease <> ?3"),
      leased_(db, t,
              "SELECT coalesce(sum(l.leased), 0) FROM mirror_lease_line l JOIN mirror_lease m "
              "USING(site, station, lease) WHERE l.site = ?1 AND l.station = ?2 AND l.sku = ?3 "
              "AND m.counted = 1"),
      moved_(db, t,
             "SELECT coalesce(sum(CASE WHEN m.to_place = ?4 THEN m.quantity ELSE -m.quantity END), "
             "0) FROM p_move m JOIN events e USING(position) WHERE m.sku = ?3 AND "
             "m.position > ?5 AND (m.to_place = ?4 OR m.from_place = ?4) AND "
             "m.to_place <> m.from_place AND "
             "e.source = '/' || ?1 || '/' || ?2"),
      first_(db, t, "SELECT coalesce(min(position), 0) FROM events"),
      ask_(db, t,
           "INSERT INTO mirror_query(query, site, station, bucket, asked_ms) "
           "VALUES(?3, ?1, ?2, ?4, ?5)"),
      is_asked_(db, t,
                "SELECT 1 FROM mirror_query" DOCKLINE_OF " AND bucket = ?3 AND asked_ms > ?4"),
      open_(db, t,
            "SELECT query, bucket FROM mirror_query" DOCKLINE_OF
            " ORDER BY asked_ms DESC LIMIT 16"),
      answer_(db, t, "DELETE FROM mirror_query WHERE query = ?1 RETURNING 1") {}

void MirrorTable::reset(const At& at, std::string_view inc) {
  reset_leases_.run(at.site, at.station, inc);
  for (Query* query : {&reset_rows_, &reset_sums_, &reset_lines_, &reset_queries_}) {
    query->run(at.site, at.station);
  }
  uncount_.run(at.site, at.station);
}

void MirrorTable::add(const At& at, std::string_view sku, std::string_view place, Quantity change) {
  if (change == 0) return;
  const ledger::MirrorKey key{sku, place};
  const std::int64_t bucket = ledger::mirror_bucket(key);
  const Quantity before = get_.integer(at.site, at.station, bucket, sku, place).value_or(0);
  const Quantity after = before + change;
  if (after == 0) {
    del_.run(at.site, at.station, bucket, sku, place);
  } else {
    put_.run(at.site, at.station, bucket, sku, place, after);
  }
  auto sum = static_cast<std::uint64_t>(sum_of_.integer(at.site, at.station, bucket).value_or(0));
  sum += ledger::mirror_weight(key, after) - ledger::mirror_weight(key, before);
  sum_.run(at.site, at.station, bucket, static_cast<std::int64_t>(sum));
}

void MirrorTable::touch(const At& at, std::string_view sku, std::string_view place,
                        std::int64_t down) {
  const std::int64_t bucket = ledger::mirror_bucket({sku, place});
  touch_.run(at.site, at.station, bucket, down);
}
void MirrorTable::touch_all(const At& at, std::int64_t down) {
  touch_all_.run(at.site, at.station, down);
}
void MirrorTable::set_skips(const At& at, std::int64_t bucket, std::int64_t skips) {
  skips_.run(at.site, at.station, bucket, skips);
}

std::vector<MirrorBucket> MirrorTable::buckets(const At& at) {
  std::vector<MirrorBucket> out;
  buckets_.each(
      [&](const Statement& s) {
        out.push_back(
            {s.integer(0), static_cast<std::uint64_t>(s.integer(1)), s.integer(2), s.integer(3)});
      },
      at.site, at.station);
  return out;
}

std::vector<MirrorRow> MirrorTable::rows(const At& at, std::int64_t bucket) {
  std::vector<MirrorRow> out;
  rows_.each([&](const Statement& s) { out.push_back({s.str(0), s.str(1), s.integer(2)}); },
             at.site, at.station, bucket);
  return out;
}

bool MirrorTable::recount(const At& at, std::int64_t bucket) {
  std::uint64_t sum = 0;
  for (const auto& row : rows(at, bucket)) {
    sum += ledger::mirror_weight({row.sku, row.place}, row.quantity);
  }
  const auto made = static_cast<std::int64_t>(sum);
  if (sum_of_.integer(at.site, at.station, bucket).value_or(0) == made) return false;
  sum_.run(at.site, at.station, bucket, made);
  return true;
}

Quantity MirrorTable::quantity(const At& at, std::string_view sku, std::string_view place) {
  const std::int64_t bucket = ledger::mirror_bucket({sku, place});
  return get_.integer(at.site, at.station, bucket, sku, place).value_or(0);
}

std::optional<MirrorState> MirrorTable::state(const At& at) {
  return state_.one(
      [](const Statement& s) {
        return MirrorState{s.str(0), s.integer(1), s.str(2), s.integer(3), s.integer(4)};
      },
      at.site, at.station);
}
void MirrorTable::put(const At& at, const MirrorState& m) {
  put_state_.run(at.site, at.station, m.inc, m.begun, m.down_inc, m.compared_ms, m.differed_ms);
}

std::optional<MirrorLease> MirrorTable::lease(const At& at, std::string_view lease) {
  return lease_.one(
      [](const Statement& s) {
        return MirrorLease{s.integer(0), s.str(1), s.integer(2), s.integer(3) != 0};
      },
      at.site, at.station, lease);
}
void MirrorTable::put(const At& at, std::string_view lease, const MirrorLease& row) {
  put_lease_.run(at.site, at.station, lease, row.epoch, row.holder, row.seq, row.counted);
}
void MirrorTable::drop(const At& at, std::string_view lease) {
  drop_lease_.run(at.site, at.station, lease);
  drop_lines_.run(at.site, at.station, lease);
}
std::vector<MirrorLine> MirrorTable::lines(const At& at, std::string_view lease) {
  std::vector<MirrorLine> out;
  lines_.each([&](const Statement& s) { out.push_back({s.str(0), s.integer(1), s.integer(2)}); },
              at.site, at.station, lease);
  return out;
}
void MirrorTable::add_line(const At& at, std::string_view lease, const MirrorLine& l) {
  add_line_.run(at.site, at.station, lease, l.sku, l.leased, l.packed);
}
void MirrorTable::clear_packed(const At& at, std::string_view lease) {
  clear_packed_.run(at.site, at.station, lease);
}
std::vector<std::string> MirrorTable::leases(const At& at) {
  std::vector<std::string> out;
  all_leases_.each([&](const Statement& s) { out.push_back(s.str(0)); }, at.site, at.station);
  return out;
}
std::vector<std::string> MirrorTable::ended(const At& at, std::string_view keep) {
  std::vector<std::string> out;
  ended_.each([&](const Statement& s) { out.push_back(s.str(0)); }, at.site, at.station, keep);
  return out;
}

Quantity MirrorTable::leased(const At& at, std::string_view sku) {
  return leased_.integer(at.site, at.station, sku).value_or(0);
}
std::optional<Quantity> MirrorTable::moved(const At& at, std::string_view sku,
                                           std::string_view place, std::int64_t begun) {
  if (first_.integer().value_or(0) > begun + 1) return std::nullopt;
  return moved_.integer(at.site, at.station, sku, place, begun);
}

void MirrorTable::asked(std::string_view query, const At& at, std::int64_t bucket,
                        std::int64_t now_ms) {
  ask_.run(at.site, at.station, query, bucket, now_ms);
}
bool MirrorTable::is_asked(const At& at, std::int64_t bucket, std::int64_t since_ms) {
  return is_asked_.integer(at.site, at.station, bucket, since_ms).has_value();
}
std::vector<std::pair<std::string, std::int64_t>> MirrorTable::open_queries(const At& at) {
  std::vector<std::pair<std::string, std::int64_t>> out;
  open_.each([&](const sqlite::Statement& s) { out.emplace_back(s.str(0), s.integer(1)); }, at.site,
             at.station);
  return out;
}
bool MirrorTable::answered(std::string_view query) { return answer_.integer(query).has_value(); }

}  // namespace dockline::server::store
