// What a partner may send us. Private to this folder.
#pragma once

#include "server/channels/contract/channel.hpp"

namespace dockline::server::channels::webhook {

// "sha256=<hex of HMAC-SHA256(key, body)>", as in header x-dockline-signature.
[[nodiscard]] std::string signature(const std::string& key, std::string_view body);
// Verified and strictly read. Fault::reject with the field's path and the remedy.
[[nodiscard]] base::Result<HookAnswer> read_hook(const Config& config, const Hook& hook,
                                                 base::Instant now);

}  // namespace dockline::server::channels::webhook
