// Errors are values. Every function that can fail returns Result<T>; exceptions stop at the
// third-party call that throws them (ARCHITECTURE: Errors).
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace dockline::base {

// The closed set of reactions. Switch over it without `default`.
enum class Fault {
  retry_later,  // the world is busy or away: the same call may work later
  reject,       // the input is wrong: tell whoever sent it, do not repeat
  conflict,     // somebody else was first, or it exists already
  corrupt,      // stored bytes cannot be trusted: stop and call a person
  full,         // no room: disk, queue or window
  bug,          // our own mistake: the process should rebuild its state
};

[[nodiscard]] std::string_view name(Fault fault);

struct Error {
  Fault fault;
  std::string detail;  // for people: what, where, remedy. Never parsed.
};

template <class T>
using Result = std::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline std::unexpected<Error> fail(Fault fault, std::string detail) {
  return std::unexpected<Error>(Error{fault, std::move(detail)});
}
// Hands an error on, with the place in front of it.
[[nodiscard]] inline std::unexpected<Error> fail(const Error& inner, std::string_view where) {
  return std::unexpected<Error>(Error{inner.fault, std::string(where) + ": " + inner.detail});
}
[[nodiscard]] inline std::unexpected<Error> pass(Error inner) {
  return std::unexpected<Error>(std::move(inner));
}

}  // namespace dockline::base
