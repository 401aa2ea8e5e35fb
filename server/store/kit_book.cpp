#include "server/store/kit_book.hpp"

#include "shared/base/plant.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

KitRow kit_row(const Statement& s) { return {s.str(0), s.str(1), s.integer(2)}; }

}  // namespace

KitBook::KitBook(sqlite::Db& db, Trouble& t)
    : drop_(db, t, "DELETE FROM p_kit WHERE kit = ?1"),
      put_(db, t, "INSERT INTO p_kit(kit, part, pieces, position) VALUES(?1, ?2, ?3, ?4)"),
      all_(db, t, "SELECT kit, part, pieces FROM p_kit ORDER BY kit, part"),
      of_(db, t, "SELECT kit, part, pieces FROM p_kit WHERE kit = ?1 ORDER BY part"),
      put_line_(db, t,
                "INSERT INTO p_kit_line(ord, line, sku, title, quantity, unit_price_minor, "
                "external_id) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
      put_part_(db, t,
                "INSERT INTO p_kit_part(ord, line, kit_line, pieces) VALUES(?1, ?2, ?3, ?4)"),
      lines_(db, t,
             "SELECT line, sku, title, quantity, unit_price_minor, external_id FROM p_kit_line "
             "WHERE ord = ?1 ORDER BY line"),
      parts_(db, t, "SELECT kit_line, line, pieces FROM p_kit_part WHERE ord = ?1 ORDER BY line"),
      any_kit_row_(db, t, "SELECT 1 FROM p_kit LIMIT 1"),
      any_line_row_(db, t, "SELECT 1 FROM p_kit_line LIMIT 1") {}

void KitBook::put(std::string_view kit, const std::vector<std::pair<std::string, Quantity>>& parts,
                  std::int64_t position) {
  any_kit_.reset();
  drop_.run(kit);
  for (const auto& [part, pieces] : parts) put_.run(kit, part, pieces, position);
}

std::vector<KitRow> KitBook::all() {
  std::vector<KitRow> out;
  all_.each([&](const Statement& s) { out.push_back(kit_row(s)); });
  return out;
}

std::vector<KitRow> KitBook::of(std::string_view kit) {
  std::vector<KitRow> out;
  of_.each([&](const Statement& s) { out.push_back(kit_row(s)); }, kit);
  return out;
}

bool KitBook::is_kit(std::string_view sku) {
  if (!any_kit_) any_kit_ = any_kit_row_.integer().has_value();
  return *any_kit_ && !of(sku).empty();
}

std::map<std::string, Quantity> KitBook::taken_apart(const std::string& kit) {
  std::map<std::string, Quantity> out;
  take_apart(kit, 1, 0, out);
  return out;
}

void KitBook::take_apart(const std::string& kit, Quantity times, int depth,
                         std::map<std::string, Quantity>& out) {
  const auto recipe = of(kit);
  if (recipe.empty() || depth == kDepthMost) {
    out[kit] += times;
    return;
  }
  const Quantity kits = PLANT("nested-kit-counted-once") ? 1 : times;
  for (const auto& row : recipe) take_apart(row.part, kits * row.pieces, depth + 1, out);
}

void KitBook::put_line(std::int64_t ord, const KitLine& line) {
  any_line_.reset();
  put_line_.run(ord, line.line, line.sku, line.title, line.quantity, line.unit_price_minor,
                line.external_id);
  for (const auto& [part, pieces] : line.parts) put_part_.run(ord, part, line.line, pieces);
}

std::vector<KitLine> KitBook::lines(std::int64_t ord) {
  std::vector<KitLine> out;
  if (!any_line_) any_line_ = any_line_row_.integer().has_value();
  if (!*any_line_) return out;
  lines_.each(
      [&](const Statement& s) {
        out.push_back({.line = s.integer(0),
                       .sku = s.str(1),
                       .title = s.str(2),
                       .quantity = s.integer(3),
                       .unit_price_minor = s.maybe_integer(4),
                       .external_id = s.maybe_text(5),
                       .parts = {}});
      },
      ord);
  if (out.empty()) return out;
  parts_.each(
      [&](const Statement& s) {
        for (auto& line : out) {
          if (line.line == s.integer(0)) line.parts.emplace_back(s.integer(1), s.integer(2));
        }
      },
      ord);
  return out;
}

}  // namespace dockline::server::store
