// The API's document: the files of openapi/ one after another, in the order of their names.
#pragma once

#include <string>

namespace dockline::server::api {

[[nodiscard]] const std::string& openapi_document();

}  // namespace dockline::server::api
