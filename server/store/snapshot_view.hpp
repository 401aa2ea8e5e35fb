// What one station may know, read on a connection of its own in one read transaction that lasts as
// long as the object: the cut of a snapshot. The writer goes on meanwhile.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/store/archive_book.hpp"
#include "server/store/bin_book.hpp"
#include "server/store/count_book.hpp"
#include "server/store/order_book.hpp"
#include "server/store/query.hpp"
#include "server/store/stock_book.hpp"
#include "shared/sqlite/db.hpp"
#include "shared/sync/stream.hpp"

namespace dockline::server::store {

class SnapshotView {
  // Declared first: the books below prepare their statements on it.
  sqlite::Db db_;
  std::unique_ptr<Trouble> trouble_;
  explicit SnapshotView(sqlite::Db db);

 public:
  [[nodiscard]] static base::Result<std::unique_ptr<SnapshotView>> open(const std::string& path,
                                                                        const std::string& vfs);
  ~SnapshotView();
  SnapshotView(const SnapshotView&) = delete;
  SnapshotView& operator=(const SnapshotView&) = delete;

  // The last down number of a station and its chain.
  [[nodiscard]] sync::Cursor down(std::string_view site, std::string_view station);
  // How far the facts of a station are in this state, by incarnation.
  [[nodiscard]] std::vector<std::pair<std::string, sync::Seq>> up(std::string_view site,
                                                                  std::string_view station);
  // The census that waits for a station's answer; empty: none.
  [[nodiscard]] std::string census(std::string_view site, std::string_view station);
  [[nodiscard]] std::vector<std::string> skus(std::string_view site, std::string_view after,
                                              std::int64_t limit);
  // Leases of a station after `after`: in force, or its `newest` closed boxes.
  [[nodiscard]] std::vector<std::string> in_force(std::string_view site, std::string_view station,
                                                  std::string_view after, std::int64_t limit);
  [[nodiscard]] std::vector<std::string> closed(std::string_view site, std::string_view station,
                                                std::string_view after, std::int64_t newest,
                                                std::int64_t limit);
  // What was said of an order by one source, and by the server to its stations, in log order.
  void facts(std::int64_t ord, std::string_view source,
             const std::function<void(std::string_view type, std::string_view body)>& take);
  [[nodiscard]] base::Status trouble() const { return trouble_->status(); }

  OrderBook orders;
  StockBook stock;
  BinBook bins;
  CountBook counts;

 private:
  ArchiveBook archive_;
  Query census_, down_, up_, skus_, in_force_, closed_, facts_;
};

}  // namespace dockline::server::store
