// Labels: each is printed for its own lease only, or for orders that go in one parcel.
#include <algorithm>

#include "server/audit/fold.hpp"

namespace dockline::server::audit {

// All of them go where the first goes; one that goes somewhere already is not moved.
void Fold::merged(std::int64_t position, const Fact& fact) {
  std::vector<std::size_t> together;
  for (const auto& id : fact.orders) {
    if (const auto at = order_of.find(id); at != order_of.end()) together.push_back(at->second);
  }
  if (together.size() < 2) return;
  const auto first = orders[together.front()].parcel;
  for (const auto at : together) {
    if (orders[at].parcel == 0) orders[at].parcel = first != 0 ? first : position;
  }
}

// The same label may be printed for its own lease only, or for orders that go in one parcel: then
// not for one whose fellow's box is closed, and they lie at one bench.
void Fold::label(std::int64_t position, const LeaseBook& lease, bool adopted) {
  const auto one = [&](std::unordered_map<std::string, std::vector<std::string>>& known,
                       const std::string& value, const char* kind) {
    if (value.empty()) return;
    auto& bearers = known[value];
    for (const auto& other : bearers) {
      if (other == lease.id) continue;
      if (one_parcel(other, lease, adopted)) {
        one_label.insert({std::min(other, lease.id), std::max(other, lease.id)});
        continue;
      }
      findings_.add("labels", "event " + str(position),
                    std::string(kind) + " " + value + " was given to lease " + lease.id +
                        ", it belongs to lease " + other + ".",
                    "Look at both boxes before they leave: one needs a new label.");
    }
    if (std::find(bearers.begin(), bearers.end(), lease.id) == bearers.end()) {
      bearers.push_back(lease.id);
    }
  };
  one(trackings_, lease.tracking, "Tracking number");
  one(ssccs_, lease.sscc, "SSCC");
}

// What a bench brought back into the books of a restored server lies where it lay.
bool Fold::one_parcel(const std::string& other, const LeaseBook& lease, bool adopted) const {
  const auto at = lease_of.find(other);
  if (at == lease_of.end()) return false;
  const auto& theirs = leases[at->second];
  const auto& a = orders[theirs.order];
  const auto& b = orders[lease.order];
  const bool open = theirs.state == "held" || theirs.state == "revoking";
  const bool here = theirs.site == lease.site && theirs.station == lease.station;
  if (adopted && open && here) return true;
  if (a.parcel == 0 || a.parcel != b.parcel) return false;
  if (theirs.tracking != lease.tracking) return true;  // it has another one by now
  return !a.apart && !b.apart && (theirs.state == "free" || (open && here));
}

}  // namespace dockline::server::audit
