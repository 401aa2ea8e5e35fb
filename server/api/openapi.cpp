#include "server/api/openapi.hpp"

#include "shared/base/embedded.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_server_api();
}

namespace dockline::server::api {
namespace {

std::string joined() {
  std::string out;
  for (const auto& file : base::embedded_server_api()) out += file.bytes;
  return out;
}

}  // namespace

const std::string& openapi_document() {
  static const std::string kDocument = joined();
  return kDocument;
}

}  // namespace dockline::server::api
