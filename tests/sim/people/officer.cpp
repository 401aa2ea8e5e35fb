#include "tests/sim/people/officer.hpp"

#include "tests/sim/people/customers.hpp"

namespace dockline::sim {

void Officer::begin(std::int64_t every_ms) {
  every_ms_ = every_ms;
  if (every_ms_ > 0 && !goods_.all().empty()) next();
}

void Officer::next() {
  world_.after(some_time(draw(), every_ms_), [this] {
    if (calm_) return;
    if (!away_) one();
    next();
  });
}

void Officer::ask(server::Command command, const char* done, Then then) {
  hub_.call(std::move(command), [this, done, then = std::move(then)](const server::Reply& reply) {
    heard(reply);
    if (reply.error) return;
    count_(done);
    if (then) then(reply);
  });
}

const Goods& Officer::some_goods() { return goods_.all()[draw().below(goods_.all().size())]; }

const std::string& Officer::some_site() { return sites_[draw().below(sites_.size())]; }

std::int64_t Officer::on_hand(const std::string& sku, const std::string& site) {
  auto* reader = hub_.reader();
  const auto detail = reader == nullptr ? base::Result<std::optional<server::store::StockDetail>>{}
                                        : reader->stock_of(sku);
  if (!detail || !*detail) return 0;
  for (const auto& figure : (*detail)->stock.sites) {
    if (figure.site == site) return figure.on_hand;
  }
  return 0;
}

}  // namespace dockline::sim
