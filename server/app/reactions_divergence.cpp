// What is done about a difference between both ends (PROTOCOL.md section 14): it is asked about,
// and mended by a fact that adds pieces, never by writing a figure over another.
#include "server/app/reactions.hpp"

namespace dockline::server {

base::Status Reactions::on(const Fresh&, const wire::SyncDigest&) {
  for (const auto& ask : core_.divergence.take_asks()) {
    const std::string query = core_.new_id();
    auto told = stations_.tell(ask.site, ask.station, wire::SyncQuery{query, ask.bucket}, query);
    if (!told) return told;
    core_.store->mirror.asked(query, {ask.site, ask.station}, ask.bucket, core_.now.wall_ms);
  }
  return core_.store->trouble();
}

base::Status Reactions::on(const Fresh&, const wire::SyncListing&) {
  for (auto& difference : core_.divergence.take_differences()) {
    if (auto ok = mend(std::move(difference)); !ok) return ok;
  }
  return core_.store->trouble();
}

base::Status Reactions::mend(Divergence::Difference d) {
  auto& mirror = core_.store->mirror;
  if (d.sku.empty()) {
    wire::SyncCorrected sums{d.query,   d.site, d.station,
                             "station", "",     "",
                             0,         0,      "the station's sums are not those of its lines"};
    if (auto told = stations_.tell(d.site, d.station, sums, d.query); !told) return told;
    const auto kept = core_.record(std::move(sums), {.subject = d.site + "/" + d.station});
    return kept ? base::Status{} : base::pass(kept.error());
  }
  const store::At at{d.site, d.station};
  const std::string subject = d.site + "/" + d.station;
  // First our own house: the row against what it is made of.
  const auto own = d.place == ledger::kLeased ? std::optional(mirror.leased(at, d.sku))
                                              : mirror.moved(at, d.sku, d.place, d.begun);
  const auto row = mirror.quantity(at, d.sku, d.place);
  if (own && *own != row) {
    const auto kept = core_.record(
        wire::SyncCorrected{d.query, d.site, d.station, "server", d.sku, d.place, *own - row, *own,
                            "the server's own figure was not what its facts come to"},
        {.subject = subject});
    if (!kept) return base::pass(kept.error());
    d.here += *own - row;
  }
  if (d.here == d.there) return core_.store->trouble();
  wire::SyncCorrected fact{
      d.query,          d.site, d.station,
      "station",        d.sku,  d.place,
      d.here - d.there, d.here, "the station's figure differs from what it has told"};
  if (auto told = stations_.tell(d.site, d.station, fact, subject); !told) return told;
  const auto kept = core_.record(std::move(fact), {.subject = subject});
  if (!kept) return base::pass(kept.error());
  if (d.place == ledger::kLeased) return core_.store->trouble();  // its leases are compared next
  core_.raise("mirror_differs", subject + "#" + d.sku,
              "Bench " + subject + " has moved " + std::to_string(d.there) + " of " + d.sku +
                  " at " + d.place + " by its own count, " + std::to_string(d.here) +
                  " by what it has told.",
              "Found by the comparison of both ends; the bench now counts as the server does");
  return core_.store->trouble();
}

}  // namespace dockline::server
