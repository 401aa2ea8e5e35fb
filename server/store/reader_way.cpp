#include "server/store/reader_way.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {

base::Result<std::optional<OrderWayRead>> way_of(Reader& reader, const std::string& id,
                                                 bool services, std::int64_t now_ms) {
  auto& in = reader.impl();
  base::Status asked;
  auto found = in.look([&] {
    std::optional<OrderWayRead> out;
    const auto ord = in.query("SELECT ord FROM p_order WHERE id = ?1").integer(id);
    if (!ord) return out;
    WayBook book(in.db);
    if (auto way = book.of(*ord, services, now_ms)) out = {std::move(*way), book.moments(*ord)};
    asked = book.trouble();
    return out;
  });
  if (found && !asked) return base::pass(asked.error());
  return found;
}

}  // namespace dockline::server::store
