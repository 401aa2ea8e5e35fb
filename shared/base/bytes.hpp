// Hex, hashing and text checks over byte strings. Bytes are std::string throughout.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dockline::base {

using Digest = std::array<std::uint8_t, 32>;

// SHA-256 (FIPS 180-4), by OpenSSL.
[[nodiscard]] Digest sha256(std::string_view bytes);
// SHA-256 over two pieces without joining them first.
[[nodiscard]] Digest sha256(std::string_view first, std::string_view second);
// HMAC-SHA-256 (RFC 2104), 32 bytes; and a comparison that takes the same time wherever they
// differ.
[[nodiscard]] Digest hmac_sha256(std::string_view key, std::string_view message);
[[nodiscard]] bool equal_constant_time(std::string_view a, std::string_view b);

[[nodiscard]] std::string to_hex(std::string_view bytes);
[[nodiscard]] std::string to_hex(const Digest& digest);
[[nodiscard]] std::optional<std::string> from_hex(std::string_view hex);
[[nodiscard]] std::string to_base64(std::string_view bytes);
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);  // padded, strict

// RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view bytes);
// Text for people out of any bytes: invalid UTF-8 and control characters become \xNN, cut at max.
[[nodiscard]] std::string printable(std::string_view bytes, std::size_t max_bytes = 200);

}  // namespace dockline::base
