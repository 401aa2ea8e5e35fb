// What the stream machines notice, as exceptions for a person.
#pragma once

#include <string>
#include <vector>

#include "server/app/core.hpp"
#include "shared/sync/receiver.hpp"
#include "shared/sync/sender.hpp"

namespace dockline::server {

void raise_notices(HubCore& core, const std::string& station,
                   const std::vector<sync::SenderNotice>& notices);
void raise_notices(HubCore& core, const std::string& station,
                   const std::vector<sync::ReceiverNotice>& notices);

}  // namespace dockline::server
