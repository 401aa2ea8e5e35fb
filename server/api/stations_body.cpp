// Bodies about stations into commands.
#include "server/api/fields.hpp"
#include "server/api/stations.hpp"

namespace dockline::server::api {

std::expected<WriteOffStation, Problem> write_off_body(const std::string& site,
                                                       const std::string& station,
                                                       std::string_view body) {
  return read_body(body, WriteOffStation{.site = site, .station = station},
                   [](Fields& f, WriteOffStation& out) {
                     out.reason = f.text("reason", 1);
                     out.by = f.text("by", 1, kCodeBytesMax);
                     f.only({"reason", "by"});
                   });
}

}  // namespace dockline::server::api
