// OpenSSL's SHA-256 uses the processor's instructions for it (4 times libsodium's speed); its plain
// functions are deprecated in name only: the newer ones look the algorithm up for every hash.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "shared/base/bytes.hpp"

#include <openssl/sha.h>
#include <sodium.h>

namespace dockline::base {
namespace {

const unsigned char* data(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

// Length of the valid UTF-8 sequence at the start of `s`; 0 if there is none.
std::size_t utf8_length(std::string_view s) {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  const unsigned lead = at(0);
  if (lead < 0x80) return 1;
  const std::size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || s.size() < n) return 0;
  for (std::size_t i = 1; i < n; ++i) {
    if ((at(i) & 0xc0) != 0x80) return 0;
  }
  if (lead == 0xe0 && at(1) < 0xa0) return 0;
  if (lead == 0xed && at(1) > 0x9f) return 0;
  if (lead == 0xf0 && at(1) < 0x90) return 0;
  if (lead == 0xf4 && at(1) > 0x8f) return 0;
  return n;
}

}  // namespace

Digest sha256(std::string_view bytes) { return sha256(bytes, {}); }

Digest sha256(std::string_view first, std::string_view second) {
  SHA256_CTX state;
  SHA256_Init(&state);
  SHA256_Update(&state, first.data(), first.size());
  if (!second.empty()) SHA256_Update(&state, second.data(), second.size());
  Digest out;
  SHA256_Final(out.data(), &state);
  return out;
}

Digest hmac_sha256(std::string_view key, std::string_view message) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, data(key), key.size());
  crypto_auth_hmacsha256_update(&state, data(message), message.size());
  Digest out;
  crypto_auth_hmacsha256_final(&state, out.data());
  return out;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string to_hex(std::string_view bytes) {
  std::string out(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), data(bytes), bytes.size());
  out.pop_back();
  return out;
}

std::string to_hex(const Digest& digest) {
  return to_hex(std::string_view(reinterpret_cast<const char*>(digest.data()), digest.size()));
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string out(hex.size() / 2, '\0');
  std::size_t n = 0;
  if (sodium_hex2bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), hex.data(),
                     hex.size(), nullptr, &n, nullptr) != 0 ||
      n != out.size()) {
    return std::nullopt;
  }
  return out;
}

std::string to_base64(std::string_view bytes) {
  std::string out(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_ORIGINAL), '\0');
  sodium_bin2base64(out.data(), out.size(), data(bytes), bytes.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  out.pop_back();
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out(text.size() / 4 * 3 + 3, '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(out.data()), out.size(), text.data(),
                        text.size(), nullptr, &size, nullptr,
                        sodium_base64_VARIANT_ORIGINAL) != 0) {
    return std::nullopt;
  }
  out.resize(size);
  return out;
}

bool is_utf8(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t n = utf8_length(bytes);
    if (n == 0) return false;
    bytes.remove_prefix(n);
  }
  return true;
}

std::string printable(std::string_view bytes, std::size_t max_bytes) {
  std::string out;
  while (!bytes.empty()) {
    if (out.size() + 4 > max_bytes) return out + "...";
    const auto c = static_cast<unsigned char>(bytes[0]);
    const std::size_t n = utf8_length(bytes);
    if (n == 0 || c < 0x20 || c == 0x7f) {
      out += "\\x" + to_hex(bytes.substr(0, 1));
      bytes.remove_prefix(1);
    } else {
      out += bytes.substr(0, n);
      bytes.remove_prefix(n);
    }
  }
  return out;
}

}  // namespace dockline::base
