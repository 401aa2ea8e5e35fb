#include "server/web/console.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_console();
}

namespace dockline::server::web {

dockline::web::Assets console_assets() { return dockline::web::Assets(base::embedded_console()); }

}  // namespace dockline::server::web
