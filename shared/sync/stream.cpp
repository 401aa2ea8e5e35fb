#include "shared/sync/stream.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "shared/base/bytes.hpp"

namespace dockline::sync {
namespace {

constexpr std::string_view kRoot = "dockline/v1/";

std::string_view view(const Chain& chain) {
  return {reinterpret_cast<const char*>(chain.data()), chain.size()};
}

Chain first_half(const base::Digest& digest) {
  Chain chain;
  std::copy_n(digest.begin(), chain.size(), chain.begin());
  return chain;
}

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

// Decimal without sign or leading zeros, at most `digits` digits.
std::optional<std::uint64_t> decimal(std::string_view text, std::size_t digits) {
  if (text.empty() || text.size() > digits || (text.size() > 1 && text[0] == '0')) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Leaf> leaf_of(std::string_view text) {
  if (text == "up") return Leaf::up;
  if (text == "up-ack") return Leaf::up_ack;
  if (text == "down") return Leaf::down;
  if (text == "down-ack") return Leaf::down_ack;
  if (text == "state") return Leaf::state;
  return std::nullopt;
}

std::string_view text_of(Leaf leaf) {
  switch (leaf) {
    case Leaf::up:
      return "up";
    case Leaf::up_ack:
      return "up-ack";
    case Leaf::down:
      return "down";
    case Leaf::down_ack:
      return "down-ack";
    case Leaf::state:
      return "state";
  }
  return {};
}

}  // namespace

Chain chain_start(std::string_view inc) { return first_half(base::sha256("dockline-1", inc)); }

Chain chain_next(const Chain& before, std::string_view fact) {
  return first_half(base::sha256(view(before), fact));
}

std::string to_hex(const Chain& chain) { return base::to_hex(view(chain)); }

std::optional<Chain> chain_from_hex(std::string_view hex) {
  if (hex.size() != 2 * Chain{}.size() || !std::ranges::all_of(hex, is_hex)) return std::nullopt;
  const auto bytes = base::from_hex(hex);
  if (!bytes) return std::nullopt;
  Chain chain;
  std::memcpy(chain.data(), bytes->data(), chain.size());
  return chain;
}

std::string nonce_text(std::uint64_t nonce) {
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; nonce >>= 4) out[i] = "0123456789abcdef"[nonce & 15];
  return out;
}

std::string to_text(const Process& process) {
  return std::to_string(process.boot) + "." + nonce_text(process.nonce);
}

std::optional<Process> process_from_text(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto boot = decimal(text.substr(0, dot), 10);
  const std::string_view hex = text.substr(dot + 1);
  if (!boot || hex.size() != 16 || !std::ranges::all_of(hex, is_hex)) return std::nullopt;
  std::uint64_t nonce = 0;
  std::from_chars(hex.data(), hex.data() + hex.size(), nonce, 16);
  return Process{*boot, nonce};
}

std::string to_text(const Session& session) {
  return to_text(session.process) + "." + std::to_string(session.open);
}

std::optional<Session> session_from_text(std::string_view text) {
  const std::size_t dot = text.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto process = process_from_text(text.substr(0, dot));
  const auto open = decimal(text.substr(dot + 1), 10);
  if (!process || !open) return std::nullopt;
  return Session{*process, *open};
}

bool is_incarnation(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

bool is_place_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string topic(std::string_view site, std::string_view station, Leaf leaf) {
  std::string out(kRoot);
  out.append(site).append("/").append(station).append("/").append(text_of(leaf));
  return out;
}

std::optional<StationTopic> parse_topic(std::string_view topic) {
  if (!topic.starts_with(kRoot)) return std::nullopt;
  topic.remove_prefix(kRoot.size());
  const std::size_t first = topic.find('/');
  const std::size_t last = topic.rfind('/');
  if (first == std::string_view::npos || first == last) return std::nullopt;
  const std::string_view site = topic.substr(0, first);
  const std::string_view station = topic.substr(first + 1, last - first - 1);
  const auto leaf = leaf_of(topic.substr(last + 1));
  if (!leaf || site == "server" || !is_place_name(site) || !is_place_name(station)) {
    return std::nullopt;
  }
  return StationTopic{std::string(site), std::string(station), *leaf};
}

std::string client_id(std::string_view site, std::string_view station, std::uint64_t nonce) {
  std::string out = "dl-";
  out.append(site).append("-").append(station).append("-").append(nonce_text(nonce));
  return out;
}

}  // namespace dockline::sync
