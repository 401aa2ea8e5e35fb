// The projector's part about orders that go in one parcel.
#include "server/app/projector.hpp"

namespace dockline::server {

// Whoever joins an order that is merged already joins its parcel. One that was merged before stays
// where it was: the command refuses that, and a fact of before is not undone.
void Projector::on(const Kept& at, const wire::OrdersMerged& data) {
  std::vector<std::int64_t> ords;
  for (const auto& id : data.orders) {
    if (const auto ord = orders_.ord_of(id)) ords.push_back(*ord);
  }
  if (ords.size() < 2) return;
  const auto parcel = merges_.parcel_of(ords.front()).value_or(at.position);
  for (const auto ord : ords) {
    merges_.put(ord, parcel);
    orders_.note(ord, at.position);
  }
}

}  // namespace dockline::server
