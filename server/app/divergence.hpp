// Compares what the server believes a station moved and holds with what the station says, at
// exactly the same place of its stream (PROTOCOL.md section 14).
//
// on_kept() runs for each fact as it is kept, in stream order: it keeps the mirror and compares.
// What must be asked or mended is handed over by take_*() and done by the reactions.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "server/store/store.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server {

class Divergence {
 public:
  explicit Divergence(store::Store& store) : mirror_(store.mirror) {}

  void on_kept(const wire::Event& event, std::int64_t position, std::int64_t now_ms);
  // A fact that was queued for a station, under which number of which incarnation.
  void on_told(const store::At& at, const wire::EventData& data, const std::string& down_inc,
               std::int64_t seq);
  // The down stream was numbered anew: what was told is on its way again.
  void on_down_forked(const store::At& at, const std::string& down_inc, std::int64_t last);
  // The station does not have it: it is not among its leased pieces.
  void forget_lease(const store::At& at, const std::string& lease, std::int64_t epoch);

  struct Ask {
    std::string site, station;
    std::int64_t bucket = 0;
  };
  [[nodiscard]] std::vector<Ask> take_asks();
  struct Difference {
    std::string query, site, station, sku, place;
    domain::Quantity here = 0, there = 0;  // the server's row, the station's
    std::int64_t begun = 0;
  };
  [[nodiscard]] std::vector<Difference> take_differences();

 private:
  void on(const store::At& at, const wire::PackClosed& data);
  void on(const store::At& at, const wire::PackReopened& data);
  void on(const store::At& at, const wire::LeaseReturned& data);
  void on(const store::At& at, const wire::SyncDigest& data);
  void on(const store::At& at, const wire::SyncListing& data);
  void put_lease(const store::At& at, const domain::LeaseRef& work, const store::MirrorLease& row,
                 const std::vector<store::MirrorLine>& lines);
  void count(const store::At& at, const std::string& lease, bool counted);
  [[nodiscard]] store::MirrorState state_of(const store::At& at);

  store::MirrorTable& mirror_;
  std::int64_t now_ms_ = 0;
  std::vector<Ask> asks_;
  std::vector<Difference> differences_;
  std::map<std::string, std::vector<wire::SyncLine>> parts_;  // listings under way, by query
};

}  // namespace dockline::server
