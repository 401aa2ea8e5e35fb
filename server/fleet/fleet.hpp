// Stations and what they hold: liveness, choice of a station, lease epochs, label numbers. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace dockline::server::fleet {

// Silent: nothing heard for three heartbeats (PROTOCOL.md section 12).
inline constexpr std::int64_t kSilentMs = 3 * 35'000;
[[nodiscard]] bool silent(std::int64_t heard_ms, std::int64_t now_ms);

// Epoch = (generation, counter), never used twice, also not after a restore (which raises the
// generation). As one number it stays ordered: generation first.
inline constexpr std::int64_t kEpochCounterMax = (std::int64_t{1} << 32) - 1;
[[nodiscard]] std::int64_t epoch(std::int64_t generation, std::int64_t counter);
[[nodiscard]] std::int64_t generation_of(std::int64_t epoch);
// A process start as stations compare it: the generation first, so that a server restored by the
// command never looks older than what stations remember.
inline constexpr std::int64_t kBootsPerGeneration = 1'000'000;
[[nodiscard]] std::int64_t boot(std::int64_t generation, std::int64_t counter);

// The generation and the counter that a restored server goes on with. Made from the time, so that
// two servers that were restored from one backup do not count the same. A clock that stands still,
// or is years behind, still gives a higher generation than the backup's; and what stations show of
// another restore's epochs and labels is counted past before anything is given.
inline constexpr std::int64_t kGenerationMax = (std::int64_t{1} << 21) - 1;  // epochs fit in 2^53
struct Numbering {
  std::int64_t generation = 0, counter = 0;
};
[[nodiscard]] Numbering after_restore(std::int64_t generation, std::int64_t wall_ms);
// Of a number that is counted up by one for each label, at most ten in a second.
[[nodiscard]] std::int64_t label_after_restore(std::int64_t number, std::int64_t wall_ms);
// Serial numbers left out at a restore: of those that a company prefix has, one in a hundred.
[[nodiscard]] std::int64_t serials_skipped(std::string_view company_prefix);

struct StationFacts {
  std::string station;
  bool up = false;     // its last state says so and it is not silent
  bool heard = false;  // ever
  std::int64_t leases = 0;
  bool works = true;  // it is known which of its incarnations works, and it was not written off
};
// The station of a site that gets the next order: the one with the fewest leases among those that
// are up, else among those ever heard (they will find it when they are back), else none.
[[nodiscard]] std::optional<std::string> choose(std::span<const StationFacts> stations);

// "DL" and 10 digits.
[[nodiscard]] std::string tracking_number(std::int64_t n);
// GS1 SSCC: extension digit, company prefix, serial, check digit; 18 digits (GS1 General
// Specifications, section 3.3.2). Fault::reject: prefix is not 7 to 10 digits. Fault::full: the
// range of serials is used up.
[[nodiscard]] base::Result<std::string> sscc(std::string_view company_prefix, std::int64_t serial);
// The numbers that were counted up for a label, or nothing when it is none of ours.
[[nodiscard]] std::optional<std::int64_t> serial_of(std::string_view company_prefix,
                                                    std::string_view sscc);
[[nodiscard]] std::optional<std::int64_t> number_of(std::string_view tracking);
// Of digits alone (shared/base/gs1).
[[nodiscard]] char gs1_check_digit(std::string_view digits);

}  // namespace dockline::server::fleet
