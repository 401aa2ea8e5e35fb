// Files taken in.
#include "server/api/imports.hpp"
#include "server/api/route.hpp"

namespace dockline::server::api {
namespace {

Answer started_answer(const Reply& reply) {
  return ok(import_started_json(reply.id, reply.created), 202);
}

Outcome get_imports(Context& c) { return read(c.reader.imports(), imports_json); }

Outcome post_import(Context& c) {
  const auto query = Query::parse(c.request.query, {"kind", "name", "channel", "site"});
  if (!query) return refuse(query.error());
  const auto kind = query->choice("kind", {"orders", "stock", "items", "barcodes", "suppliers",
                                           "supplies", "deliveries", "counts", "sites"});
  if (!kind) return refuse(kind.error());
  if (kind->empty() || query->text("name").empty()) {
    return refuse({400, "bad_query", "kind and name are needed",
                   "POST /api/v1/imports?kind=orders&name=FILE with the CSV as body"});
  }
  if (c.request.body.empty()) {
    return refuse({422, "refused", "the file is empty", "Send the CSV file as the body"});
  }
  StartImport start{.kind = *kind, .name = query->text("name"), .bytes = std::move(c.request.body)};
  if (!query->text("channel").empty()) start.channel = query->text("channel");
  start.site = query->text("site");
  return Ask{started_answer, Command{std::move(start)}};
}

Outcome get_import(Context& c) {
  const auto row = c.reader.import(c.id);
  if (row && !*row) return missing("import", c.id, "GET /api/v1/imports lists them");
  return read(row, [](const auto& found) { return import_json(*found); });
}

Outcome get_import_rows(Context& c) {
  const auto query = Query::parse(c.request.query, {"outcome", "after", "limit"});
  if (!query) return refuse(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refuse(limit.error());
  const auto after = query->integer("after", 0, 0, INT64_MAX);
  if (!after) return refuse(after.error());
  return read(c.reader.import_rows(c.id, query->text("outcome"), *after, *limit), import_rows_json);
}

}  // namespace

std::span<const Route> imports_routes() {
  static constexpr Route kRoutes[] = {
      {"GET", "imports", get_imports},
      {"POST", "imports", post_import, false, base::limits::kImportBytesMax},
      {"GET", "imports/*", get_import},
      {"GET", "imports/*/rows", get_import_rows},
  };
  return kRoutes;
}

}  // namespace dockline::server::api
