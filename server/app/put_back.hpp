// A person opened a box and put goods back: the books follow.
#pragma once

#include <string>
#include <vector>

#include "server/app/core.hpp"

namespace dockline::server {

// Moves from packed to shelf what the exception of this kind and subject is about (overpacked,
// cancelled_after_pack, fenced_work, packed_twice); nothing for other kinds.
[[nodiscard]] base::Status put_back(HubCore& core, const std::string& kind,
                                    const std::string& subject, const std::string& by);

}  // namespace dockline::server
