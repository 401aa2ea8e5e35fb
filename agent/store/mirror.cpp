#include "agent/store/mirror.hpp"

#include <utility>

namespace dockline::agent::store {
namespace {

using base::Result;
using base::Status;
using sqlite::Statement;

Result<std::int64_t> one(Statement& query, std::int64_t otherwise) {
  auto row = query.step();
  if (!row) return base::pass(row.error());
  const std::int64_t out = *row ? query.integer(0) : otherwise;
  query.reset();
  return out;
}

}  // namespace

Mirror::Mirror(sqlite::Db& db)
    : inc_(db.prepare("SELECT inc FROM mirror_of WHERE id = 1")),
      put_inc_(db.prepare("UPDATE mirror_of SET inc = ?1 WHERE id = 1")),
      clear_rows_(db.prepare("DELETE FROM mirror")),
      clear_sums_(db.prepare("DELETE FROM mirror_sum")),
      clear_work_(db.prepare("UPDATE work SET leased = 0 WHERE leased <> 0")),
      get_(db.prepare("SELECT quantity FROM mirror WHERE bucket = ?1 AND sku = ?2 AND place = ?3")),
      put_(db.prepare("INSERT INTO mirror(bucket, sku, place, quantity) VALUES(?1, ?2, ?3, ?4) "
                      "ON CONFLICT DO UPDATE SET quantity = ?4")),
      del_(db.prepare("DELETE FROM mirror WHERE bucket = ?1 AND sku = ?2 AND place = ?3")),
      get_sum_(db.prepare("SELECT sum FROM mirror_sum WHERE bucket = ?1")),
      // SQLite's integers do not wrap: the new sum is made here.
      put_sum_(db.prepare("INSERT INTO mirror_sum(bucket, sum) VALUES(?1, ?2) "
                          "ON CONFLICT DO UPDATE SET sum = ?2")),
      sums_(db.prepare("SELECT bucket, sum FROM mirror_sum WHERE sum <> 0 ORDER BY bucket")),
      count_(db.prepare("SELECT count(*) FROM mirror")),
      lines_(db.prepare("SELECT sku, place, quantity FROM mirror WHERE bucket = ?1 "
                        "ORDER BY sku, place LIMIT ?2")),
      all_(db.prepare("SELECT bucket, sku, place, quantity FROM mirror")) {}

Result<std::string> Mirror::inc() {
  auto row = inc_.bind().step();
  if (!row) return base::pass(row.error());
  std::string out = *row ? inc_.str(0) : std::string();
  inc_.reset();
  return out;
}

Status Mirror::begin(std::string_view inc) {
  changed_ = true;
  for (Statement* query : {&clear_rows_, &clear_sums_, &clear_work_}) {
    if (auto ok = query->bind().run(); !ok) return ok;
  }
  return put_inc_.bind(inc).run();
}

Status Mirror::add(std::string_view sku, std::string_view place, domain::Quantity change) {
  if (change == 0) return {};
  changed_ = true;
  const ledger::MirrorKey key{sku, place};
  const std::int64_t bucket = ledger::mirror_bucket(key);
  const auto before = quantity(sku, place);
  if (!before) return base::pass(before.error());
  const auto after = *before + change;
  auto ok =
      after == 0 ? del_.bind(bucket, sku, place).run() : put_.bind(bucket, sku, place, after).run();
  if (!ok) return ok;
  const auto sum = one(get_sum_.bind(bucket), 0);
  if (!sum) return base::pass(sum.error());
  const auto made = static_cast<std::uint64_t>(*sum) + ledger::mirror_weight(key, after) -
                    ledger::mirror_weight(key, *before);
  return put_sum_.bind(bucket, static_cast<std::int64_t>(made)).run();
}

Result<domain::Quantity> Mirror::quantity(std::string_view sku, std::string_view place) {
  const std::int64_t bucket = ledger::mirror_bucket({sku, place});
  return one(get_.bind(bucket, sku, place), 0);
}

Result<ledger::MirrorSums> Mirror::sums() {
  ledger::MirrorSums out{};
  sums_.bind();
  for (;;) {
    auto row = sums_.step();
    if (!row) return base::pass(row.error());
    if (!*row) return out;
    out.at(static_cast<std::size_t>(sums_.integer(0)) % out.size()) =
        static_cast<std::uint64_t>(sums_.integer(1));
  }
}

Status Mirror::recount() {
  changed_ = true;
  ledger::MirrorSums sums{};
  all_.bind();
  for (;;) {
    auto row = all_.step();
    if (!row) return base::pass(row.error());
    if (!*row) break;
    const ledger::MirrorKey key{all_.text(1), all_.text(2)};
    sums.at(static_cast<std::size_t>(all_.integer(0)) % sums.size()) +=
        ledger::mirror_weight(key, all_.integer(3));
  }
  if (auto ok = clear_sums_.bind().run(); !ok) return ok;
  for (std::size_t bucket = 0; bucket < sums.size(); ++bucket) {
    if (sums[bucket] == 0) continue;
    auto ok =
        put_sum_.bind(static_cast<std::int64_t>(bucket), static_cast<std::int64_t>(sums[bucket]))
            .run();
    if (!ok) return ok;
  }
  return {};
}

Result<std::int64_t> Mirror::entries() { return one(count_.bind(), 0); }

Result<std::vector<wire::SyncLine>> Mirror::lines(std::int64_t bucket, std::size_t limit) {
  std::vector<wire::SyncLine> out;
  lines_.bind(bucket, static_cast<std::int64_t>(limit));
  for (;;) {
    auto row = lines_.step();
    if (!row) return base::pass(row.error());
    if (!*row) return out;
    out.push_back({lines_.str(0), lines_.str(1), lines_.integer(2)});
  }
}

}  // namespace dockline::agent::store
