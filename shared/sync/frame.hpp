// The outer form of a message (PROTOCOL.md section 4): plain, or one zstd frame. Contexts and
// buffers are kept per thread, so that a batch allocates nothing but its payload.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace dockline::sync {

[[nodiscard]] constexpr bool is_packed(std::string_view payload) {
  return !payload.empty() && payload.front() == '\x28';
}

// One zstd frame of at most kMessageBytesMax; nothing when it does not fit or earns too little.
[[nodiscard]] std::optional<std::string> pack(std::string_view plain);

// The message in plain. A packed one is unpacked into a buffer of this thread: the view lives until
// its next unpack(). Fault::reject: too large on the wire or unpacked (bounded by the output, not
// by what the frame claims), cut off, damaged, or more than one frame.
[[nodiscard]] base::Result<std::string_view> unpack(std::string_view payload);

// How large a message is in plain, as far as it says so itself: for planning only.
[[nodiscard]] std::size_t plain_size(std::string_view payload);

}  // namespace dockline::sync
