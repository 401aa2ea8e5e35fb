#include "server/store/snapshot_view.hpp"

#include <algorithm>

namespace dockline::server::store {

using sqlite::Statement;

base::Result<std::unique_ptr<SnapshotView>> SnapshotView::open(const std::string& path,
                                                               const std::string& vfs) {
  auto db = sqlite::Db::open(path, {.read_only = true, .cache_kib = 512, .vfs = vfs});
  if (!db) return base::pass(db.error());
  std::unique_ptr<SnapshotView> view(new SnapshotView(std::move(*db)));
  if (auto ok = view->db_.begin(); !ok) return base::pass(ok.error());
  return view;
}

SnapshotView::SnapshotView(sqlite::Db db)
    : db_(std::move(db)),
      trouble_(std::make_unique<Trouble>()),
      orders(db_, *trouble_),
      stock(db_, *trouble_),
      bins(db_, *trouble_),
      counts(db_, *trouble_),
      archive_(db_, *trouble_),
      census_(db_, *trouble_,
              "SELECT census FROM p_census WHERE site = ?1 AND station = ?2 AND "
              "state = 'waiting' ORDER BY at_ms DESC LIMIT 1"),
      down_(db_, *trouble_,
            "SELECT last, last_chain FROM stream_out WHERE site = ?1 AND station = ?2"),
      up_(db_, *trouble_,
          "SELECT inc, through FROM stream_in WHERE site = ?1 AND station = ?2 ORDER BY place"),
      skus_(db_, *trouble_,
            "SELECT sku FROM p_bin WHERE site = ?1 AND sku > ?2 UNION "
            "SELECT sku FROM p_balance WHERE place = ?1 || '/shelf' AND sku > ?2 "
            "ORDER BY 1 LIMIT ?3"),
      in_force_(db_, *trouble_,
                "SELECT lease FROM p_lease WHERE site = ?1 AND station = ?2 AND state IN ('held', "
                "'revoking') AND lease > ?3 ORDER BY lease LIMIT ?4"),
      closed_(db_, *trouble_,
              "SELECT lease FROM (SELECT lease FROM p_lease WHERE site = ?1 AND station = ?2 AND "
              "state = 'done' ORDER BY ended_ms DESC, lease LIMIT ?4) WHERE lease > ?3 "
              "ORDER BY lease LIMIT ?5"),
      facts_(
          db_, *trouble_,
          "SELECT e.type, e.body, e.position FROM p_timeline t JOIN events e USING(position) WHERE "
          "t.ord = ?1 AND (e.source = ?2 OR e.type = 'dockline.lease.revoked.v1') "
          "ORDER BY t.position") {}

SnapshotView::~SnapshotView() { db_.rollback(); }

std::string SnapshotView::census(std::string_view site, std::string_view station) {
  return census_.text(site, station).value_or("");
}

sync::Cursor SnapshotView::down(std::string_view site, std::string_view station) {
  const auto cursor = down_.one(
      [](const Statement& s) {
        sync::Cursor c;
        c.through = static_cast<sync::Seq>(s.integer(0));
        const auto chain = s.blob(1);
        if (chain.size() == c.chain.size()) {
          std::copy(chain.begin(), chain.end(), reinterpret_cast<char*>(c.chain.data()));
        }
        return c;
      },
      site, station);
  return cursor.value_or(sync::Cursor{});
}

std::vector<std::pair<std::string, sync::Seq>> SnapshotView::up(std::string_view site,
                                                                std::string_view station) {
  std::vector<std::pair<std::string, sync::Seq>> out;
  up_.each(
      [&](const Statement& s) { out.emplace_back(s.str(0), static_cast<sync::Seq>(s.integer(1))); },
      site, station);
  return out;
}

std::vector<std::string> SnapshotView::skus(std::string_view site, std::string_view after,
                                            std::int64_t limit) {
  std::vector<std::string> out;
  skus_.each([&](const Statement& s) { out.push_back(s.str(0)); }, site, after, limit);
  return out;
}

std::vector<std::string> SnapshotView::in_force(std::string_view site, std::string_view station,
                                                std::string_view after, std::int64_t limit) {
  std::vector<std::string> out;
  in_force_.each([&](const Statement& s) { out.push_back(s.str(0)); }, site, station, after, limit);
  return out;
}

std::vector<std::string> SnapshotView::closed(std::string_view site, std::string_view station,
                                              std::string_view after, std::int64_t newest,
                                              std::int64_t limit) {
  std::vector<std::string> out;
  closed_.each([&](const Statement& s) { out.push_back(s.str(0)); }, site, station, after, newest,
               limit);
  return out;
}

void SnapshotView::facts(
    std::int64_t ord, std::string_view source,
    const std::function<void(std::string_view type, std::string_view body)>& take) {
  std::string archived;  // the bytes of older facts are in segments
  facts_.each(
      [&](const Statement& s) {
        std::string_view body = s.blob(1);
        if (body.empty()) body = archived = archive_.body(s.integer(2));
        take(s.text(0), body);
      },
      ord, source);
}

}  // namespace dockline::server::store
