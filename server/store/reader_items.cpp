#include "server/store/reader_items.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;
constexpr std::string_view kPosition = "SELECT position FROM p_item WHERE sku = ?1";

}  // namespace

base::Result<std::int64_t> item_position(sqlite::Db& db, std::string_view sku) {
  Trouble trouble;
  Query position(db, trouble, kPosition);
  const auto found = position.integer(sku).value_or(0);
  if (auto ok = trouble.status(); !ok) return base::pass(ok.error());
  return found;
}

base::Result<ItemSaid> item_said(Reader& reader, const std::string& sku) {
  auto& in = reader.impl();
  return in.look([&] {
    ItemSaid out;
    out.position = in.query(kPosition).integer(sku).value_or(0);
    in.query("SELECT code, pieces, unit FROM p_barcode WHERE sku = ?1 ORDER BY code")
        .each(
            [&](const Statement& s) {
              out.barcodes.push_back({s.str(0), s.integer(1), s.maybe_text(2)});
            },
            sku);
    return out;
  });
}

}  // namespace dockline::server::store
