// Private to server/cli: lists that the server gives in pages.
#pragma once

#include <algorithm>
#include <string>

#include "server/cli/commands.hpp"
#include "server/cli/session.hpp"

namespace dockline::server::cli {

// Fetches up to `limit` rows (every row with `all`); gives one document as if the server had sent a
// single page.
[[nodiscard]] Answered fetch(Session& session, std::string target, const ListOptions& options);
// "Showing 50 of 512. --all shows every one."
void tell_rest(Session& session, const json::value& page);

}  // namespace dockline::server::cli
