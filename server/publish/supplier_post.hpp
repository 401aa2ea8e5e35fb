// Purchases on their way to their suppliers' addresses: a durable row each until it was taken,
// was refused, or a person told the supplier otherwise. A pure machine like the outbox beside it;
// every change of a row is handed out for the store in the same transaction.
//
// A request that failed goes again with back-off and jitter, always with the same bytes under the
// same key (the purchase's number). After kPurchaseLateMs a person hears of it while attempts go
// on; after kPurchaseGiveUpMs, or kPurchaseAttemptsMax, it counts as refused. A row that was under
// way in the life before goes again after a settling time: its supplier may have it already.
//
// Thread rule: one lane.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "server/publish/channel_engine.hpp"
#include "shared/base/prng.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::publish {

inline constexpr std::int64_t kPurchaseLateMs = 30 * 60'000;
inline constexpr std::int64_t kPurchaseGiveUpMs = 24 * 3'600'000;
inline constexpr std::int64_t kPurchaseAttemptsMax = 400;
inline constexpr std::size_t kPurchasesWaitingMax = 10'000;
inline constexpr std::size_t kPurchasesUnderWayMax = 8;  // and one per supplier

// As stored (server/store, table purchase_post).
struct PostRow {
  std::string purchase, supplier, url, body;
  bool sent = false;  // a request is under way
  bool late = false;  // a person was told that it takes long
  std::int64_t attempts = 0;
  std::int64_t next_ms = 0, created_ms = 0;  // wall clock
  std::string last_error;
};
struct PostChange {
  PostRow row;
  bool removed = false;
};

class SupplierPost {
 public:
  // `keys`: supplier to signing key; others get nothing from here.
  SupplierPost(std::uint64_t seed, std::map<std::string, std::string> keys);

  [[nodiscard]] bool has_key(const std::string& supplier) const { return keys_.contains(supplier); }
  void load(base::Instant now, std::vector<PostRow> rows, std::vector<PostChange>& changes);
  // Queues an order, or takes the place of the one that waits under this number.
  // Fault::full beyond kPurchasesWaitingMax.
  [[nodiscard]] base::Status put(base::Instant now, PostRow row, std::vector<PostChange>& changes);
  // A person told the supplier: an answer that still comes changes nothing.
  void drop(const std::string& purchase, std::vector<PostChange>& changes);

  [[nodiscard]] std::vector<ChannelRequest> start(base::Instant now,
                                                  std::vector<PostChange>& changes);
  enum class End { taken, refused, late };
  struct Ended {
    End end = End::taken;
    PostRow row;
    std::string why, proposed;
  };
  // What a person must hear, or the books; nothing: it goes again, or it is no request of ours.
  [[nodiscard]] std::optional<Ended> on_result(base::Instant now, const ChannelResult& result,
                                               std::vector<PostChange>& changes);
  // When start() has something to do without further input, on the monotonic clock.
  [[nodiscard]] std::optional<std::int64_t> next_due_ms(base::Instant now) const;

 private:
  struct Item {
    PostRow row;
    std::int64_t due_ms = 0;    // monotonic
    std::uint64_t request = 0;  // under way
  };
  [[nodiscard]] bool is_free(const std::string& supplier) const;
  [[nodiscard]] std::int64_t back_off(std::int64_t attempts);
  [[nodiscard]] std::optional<Ended> again(base::Instant now, Item& item, const std::string& why,
                                           std::int64_t delay_ms, std::vector<PostChange>& changes);
  [[nodiscard]] Ended end(End how, const std::string& purchase, std::string why,
                          std::string proposed, std::vector<PostChange>& changes);

  base::Prng prng_;
  std::map<std::string, std::string> keys_;
  std::map<std::string, Item> items_;               // by purchase
  std::map<std::uint64_t, std::string> under_way_;  // request -> purchase
  std::uint64_t next_request_;
};

}  // namespace dockline::server::publish
