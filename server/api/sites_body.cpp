#include "server/api/fields.hpp"
#include "server/api/sites.hpp"

namespace dockline::server::api {

std::expected<DescribeSite, Problem> site_body(const std::string& site, std::string_view body) {
  auto made = read_body(body, DescribeSite{.site = site}, [](Fields& f, DescribeSite& out) {
    f.object("values", true, [&](Fields& values) {
      for (const auto& key : values.names()) out.values.emplace_back(key, values.text(key, 1));
    });
    out.why = f.text("why", 1);
    out.by = f.text("by", 1);
    f.only({"values", "why", "by"});
  });
  if (!made) return made;
  if (made->values.size() > limits::kSiteValuesMax) {
    return std::unexpected(Problem{
        422, "refused", "values has " + std::to_string(made->values.size()) + " entries",
        "At most " + std::to_string(limits::kSiteValuesMax) + " can be known of a site", "values"});
  }
  // Read here as well, so that the first problem comes with its place.
  const auto read = rulebook::read_site(site, made->values);
  if (read) return made;
  const auto& first = read.error().front();
  return std::unexpected(Problem{422, "refused", rulebook::in_one_line(read.error()), first.remedy,
                                 "values." + first.key});
}

}  // namespace dockline::server::api
