#include "server/app/books.hpp"

namespace dockline::server {

using domain::Quantity;

template <class T>
base::Result<T> HubBooks::answer(T value) {
  if (auto ok = core_.store->trouble(); !ok) return base::pass(ok.error());
  return value;
}

base::Result<Quantity> HubBooks::available(const std::string& sku, const std::string& site) {
  return answer(core_.atp(sku, site));
}

base::Result<bool> HubBooks::knows(const std::string& sku) {
  return answer(core_.store->stock.has_item(sku));
}

base::Result<std::vector<std::string>> HubBooks::skus(const std::string& after, std::size_t limit) {
  return answer(core_.store->stock.skus(after, static_cast<std::int64_t>(limit)));
}

base::Result<Quantity> HubBooks::held(const std::string& channel, const std::string& sku) {
  return answer(core_.store->stock.held(channel, sku));
}

base::Result<std::optional<Quantity>> HubBooks::told(const std::string& channel,
                                                     const std::string& sku,
                                                     const std::string& location) {
  return answer(core_.store->stock.told(channel, sku, location));
}

base::Result<std::optional<std::vector<publish::KnownLine>>> HubBooks::order(
    const std::string& order) {
  std::optional<std::vector<publish::KnownLine>> known;
  if (const auto ord = core_.store->orders.ord_of(order)) {
    known.emplace();
    const auto texts = core_.store->orders.texts(*ord);
    auto left = core_.store->orders.told(*ord);
    for (const auto& line : core_.store->orders.lines(*ord)) {
      publish::KnownLine one{
          line.line, {}, line.quantity, line.units.at(orders::UnitState::cancelled)};
      one.held = std::max<Quantity>(0, one.received - one.cancelled - left[line.line]);
      for (const auto& text : texts) {
        if (text.line == line.line) one.external_id = text.external_id.value_or("");
      }
      known->push_back(std::move(one));
    }
  }
  return answer(std::move(known));
}

base::Result<std::vector<std::string>> HubBooks::open_orders(const std::string& channel,
                                                             const std::string& after,
                                                             std::size_t limit) {
  return answer(core_.store->orders.open_numbers(channel, after, static_cast<std::int64_t>(limit)));
}

}  // namespace dockline::server
