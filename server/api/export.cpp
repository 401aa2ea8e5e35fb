#include "server/api/export.hpp"

#include "server/api/route.hpp"
#include "server/imports/csv_out.hpp"
#include "server/store/reader_buying.hpp"

namespace dockline::server::api {

Answer export_csv(store::Reader& reader, const std::string& what, std::size_t bytes_max) {
  Answer out{.type = "text/csv"};
  bool fits = true;
  const auto done = store::export_each(reader, what, [&](const auto& row) {
    imports::append_csv(out.body, row);
    fits = out.body.size() <= bytes_max;
    return fits;
  });
  if (!done && done.error().fault == base::Fault::reject) {
    return missing("export", what, done.error().detail);
  }
  if (!done) return unread(done.error());
  if (!fits) {
    return refuse({413, "too_large",
                   what + ".csv would be larger than " + std::to_string(bytes_max >> 20U) + " MiB",
                   "Read page by page instead: GET /api/v1/stock lists every article and what lies "
                   "where; or ask the copy that `dockline backup` makes"});
  }
  return out;
}

}  // namespace dockline::server::api
