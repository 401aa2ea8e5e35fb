// What this station holds, and its part of the mirror.
#include "agent/store/impl.hpp"
#include "shared/wire/event.hpp"

namespace dockline::agent::store {
namespace {

using base::Fault;

base::Result<station::Order> order_in(std::string_view document, const sqlite::Db& db) {
  auto event = wire::decode(document);
  if (!event || !std::holds_alternative<station::Order>(event->data)) {
    return base::fail(Fault::corrupt, db.path() + ": a kept order document cannot be read");
  }
  return std::get<station::Order>(std::move(event->data));
}

}  // namespace

// Column `leased`: 0 not counted, 1 counted, 2 counted until its box was closed. What was never
// counted (the stream began with it at the bench) stays so.
base::Status Store::Impl::mirror_lease(std::string_view lease, Leased what) {
  auto row = leased_of.bind(lease).step();
  if (!row) return base::pass(row.error());
  if (!*row) return {};
  const std::int64_t now = leased_of.integer(0);
  std::int64_t to = now;
  if (what == Leased::granted) to = 1;
  if (what == Leased::gone) to = 0;
  if (what == Leased::closed && now == 1) to = 2;
  if (what == Leased::opened && now == 2) to = 1;
  const std::int64_t sign = (to == 1 ? 1 : 0) - (now == 1 ? 1 : 0);
  std::optional<base::Result<station::Order>> order;
  if (sign != 0) order = order_in(leased_of.blob(1), db);
  leased_of.reset();
  if (to == now) return {};
  if (order && !*order) return base::pass(order->error());
  if (order) {
    for (const auto& line : (*order)->lines) {
      if (auto ok = mirror.add(line.sku, ledger::kLeased, sign * line.quantity); !ok) return ok;
    }
  }
  return set_leased.bind(lease, to).run();
}

base::Result<std::vector<Store::Held>> Store::held(std::size_t limit) {
  std::vector<Held> out;
  auto& q = impl_->all_work;
  q.bind(static_cast<std::int64_t>(limit));
  for (;;) {
    auto row = q.step();
    if (!row) return base::pass(row.error());
    if (!*row) return out;
    out.push_back({q.str(0), q.str(1), q.str(3), q.integer(2)});
  }
}

base::Result<std::optional<station::Order>> Store::order_of(std::string_view lease) {
  auto& q = impl_->document_of;
  auto row = q.bind(lease).step();
  if (!row) return base::pass(row.error());
  if (!*row) return std::optional<station::Order>{};
  auto order = order_in(q.blob(0), impl_->db);
  q.reset();
  if (!order) return base::pass(order.error());
  return std::optional(std::move(*order));
}

base::Result<domain::Quantity> Store::leased(std::string_view sku) {
  domain::Quantity sum = 0;
  auto& q = impl_->leased_documents;
  q.bind();
  for (;;) {
    auto row = q.step();
    if (!row) return base::pass(row.error());
    if (!*row) return sum;
    auto order = order_in(q.blob(0), impl_->db);
    if (!order) return base::pass(order.error());
    for (const auto& line : order->lines) sum += line.sku == sku ? line.quantity : 0;
  }
}

Mirror& Store::mirror() { return impl_->mirror; }

}  // namespace dockline::agent::store
