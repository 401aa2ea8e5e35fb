// What one routing decision may cost. Where a bound cuts a search short, the record says how far
// from the optimum the answer can be (gap); none of them is silent.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dockline::server::routing {

inline constexpr std::size_t kSitesMax = 4'096;     // of one decision; later ones do not take part
inline constexpr std::size_t kCandidatesKept = 64;  // sites the search combines: bits of one word
inline constexpr std::size_t kSmallSkus = 4;        // so many: searched until it is proved
inline constexpr std::int64_t kExpandedMax = 200'000;  // partial plans of such an order
inline constexpr std::size_t kSetSkusMax = 64;  // more SKUs: improved, not searched; bits of a word
inline constexpr std::int64_t kSetsMax = 15'000;     // sets of sites that are looked at
inline constexpr std::int64_t kServedMax = 60;       // of those, sets that are shared out
inline constexpr std::size_t kSitesPerOrderMax = 8;  // parcels of one order, whatever a chain says
inline constexpr std::int64_t kSwapsMax = 64;        // exchanges of one site that are tried
inline constexpr std::size_t kServicesPerSiteMax = 32;   // carrier services: bits of a word
inline constexpr std::int64_t kTermMax = 1'000'000'000;  // one cost term, minor units; so no sum
                                                         // over kSitesMax sites overflows a score
inline constexpr std::int64_t kTieSpan = std::int64_t{1} << 17;  // room for ties below one minor

// The record must fit into one fact (limits.hpp: kFactBytesMax).
inline constexpr std::size_t kInputsMax = 60;  // figures listed; those that decided first
inline constexpr std::size_t kListedMax = 64;  // candidates listed, where costs are weighed
inline constexpr std::size_t kCostedMax = 16;  // of those with their costs term by term
inline constexpr std::size_t kNamedMax = 3;    // SKUs named in one sentence
inline constexpr std::size_t kFactsBytesMax = 16 * 1024;  // facts kept within the record

}  // namespace dockline::server::routing
