// The server's side of the mirror of each station (migration 0004). Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/ledger/mirror.hpp"

namespace dockline::server::store {

using domain::Quantity;

// Of which station.
struct At {
  std::string_view site, station;
};

struct MirrorRow {
  std::string sku, place;
  Quantity quantity = 0;
};
struct MirrorBucket {
  std::int64_t bucket = 0;
  std::uint64_t sum = 0;
  std::int64_t touched = 0, skips = 0;
};
struct MirrorState {
  std::string inc;
  std::int64_t begun = 0;
  std::string down_inc;
  std::int64_t compared_ms = 0, differed_ms = 0;
};
struct MirrorLease {
  std::int64_t epoch = 0;
  std::string holder;  // up incarnation it was granted to
  std::int64_t seq = 0;
  bool counted = false;
};
struct MirrorLine {
  std::string sku;
  Quantity leased = 0, packed = 0;
};

class MirrorTable {
 public:
  MirrorTable(sqlite::Db& db, Trouble& trouble);

  // Begins anew. Leases granted to `inc` stay, not counted.
  void reset(const At& at, std::string_view inc);
  void add(const At& at, std::string_view sku, std::string_view place, Quantity change);
  void touch(const At& at, std::string_view sku, std::string_view place, std::int64_t down);
  void touch_all(const At& at, std::int64_t down);
  void set_skips(const At& at, std::int64_t bucket, std::int64_t skips);
  [[nodiscard]] std::vector<MirrorBucket> buckets(const At& at);
  [[nodiscard]] std::vector<MirrorRow> rows(const At& at, std::int64_t bucket);
  // Makes a bucket's sum of its rows anew. False: it was right.
  bool recount(const At& at, std::int64_t bucket);
  [[nodiscard]] Quantity quantity(const At& at, std::string_view sku, std::string_view place);

  [[nodiscard]] std::optional<MirrorState> state(const At& at);
  void put(const At& at, const MirrorState& state);

  [[nodiscard]] std::optional<MirrorLease> lease(const At& at, std::string_view lease);
  void put(const At& at, std::string_view lease, const MirrorLease& row);
  void drop(const At& at, std::string_view lease);
  [[nodiscard]] std::vector<MirrorLine> lines(const At& at, std::string_view lease);
  void add_line(const At& at, std::string_view lease, const MirrorLine& line);  // adds to both
  void clear_packed(const At& at, std::string_view lease);
  [[nodiscard]] std::vector<std::string> leases(const At& at);
  // Leases that are not counted, but `keep`: their boxes cannot be opened again.
  [[nodiscard]] std::vector<std::string> ended(const At& at, std::string_view keep);

  // What the base data come to: leases told, moves booked since the mirror began.
  [[nodiscard]] Quantity leased(const At& at, std::string_view sku);
  // Nothing when the moves are archived.
  [[nodiscard]] std::optional<Quantity> moved(const At& at, std::string_view sku,
                                              std::string_view place, std::int64_t begun);

  void asked(std::string_view query, const At& at, std::int64_t bucket, std::int64_t now_ms);
  [[nodiscard]] bool is_asked(const At& at, std::int64_t bucket, std::int64_t since_ms);
  // (query, bucket) without an answer so far, the newest few.
  [[nodiscard]] std::vector<std::pair<std::string, std::int64_t>> open_queries(const At& at);
  [[nodiscard]] bool answered(std::string_view query);  // false: nobody asked that

 private:
  Query reset_rows_, reset_sums_, reset_leases_, reset_lines_, reset_queries_, uncount_, get_, put_,
      del_, sum_of_, sum_, touch_, touch_all_, skips_, buckets_, rows_, state_, put_state_, lease_,
      put_lease_, drop_lease_, drop_lines_, lines_, add_line_, clear_packed_, all_leases_, ended_,
      leased_, moved_, first_, ask_, is_asked_, open_, answer_;
};

}  // namespace dockline::server::store
