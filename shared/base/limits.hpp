// Every limit of the product, with unit and reason. Nothing queues, buffers or loops without one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dockline::base::limits {

// --- turn ---
inline constexpr std::size_t kMailboxInputsMax = 4096;   // inputs waiting for the lane; then refuse
inline constexpr std::size_t kTurnInputsMax = 256;       // inputs in one transaction (group commit)

// --- sync protocol (PROTOCOL.md section 15) ---
inline constexpr std::size_t kFactBytesMax = 64 * 1024;
inline constexpr std::size_t kMessageBytesMax = 120 * 1024;          // on the wire
inline constexpr std::size_t kMessageUnpackedBytesMax = 1024 * 1024;
inline constexpr std::size_t kBatchFactsMax = 256;
inline constexpr std::uint64_t kWindowFacts = 512;
inline constexpr std::uint64_t kWindowFactsMax = 1024;
inline constexpr std::uint64_t kWindowBytes = 512 * 1024;
inline constexpr std::uint64_t kWindowBytesMax = 1024 * 1024;
inline constexpr std::uint64_t kUpOutboxRowsMax = 2'000'000;
inline constexpr std::uint64_t kDownOutboxRowsMax = 20'000;
inline constexpr std::size_t kIncarnationsMax = 64;
inline constexpr std::size_t kGoneMax = 8;
inline constexpr std::size_t kTrimRowsMax = 1000;          // rows deleted per trim tick
inline constexpr std::uint64_t kParkedFactsMax = 10'000;
inline constexpr std::int64_t kOpenFirstMs = 1'000, kOpenMostMs = 60'000;    // T_open
inline constexpr std::int64_t kAckFirstMs = 2'000, kAckMostMs = 60'000;      // T_ack
inline constexpr std::int64_t kBatchMs = 20;                                 // T_batch
inline constexpr std::int64_t kProbeMs = 30'000, kProbeJitterMs = 5'000;     // T_probe, T_beat
inline constexpr std::int64_t kNackMs = 1'000;                               // T_nack
inline constexpr std::int64_t kRefusedFirstMs = 300'000, kRefusedMostMs = 3'600'000;
inline constexpr std::int64_t kReconnectFirstMs = 1'000, kReconnectMostMs = 120'000;

// --- devices ---
inline constexpr std::size_t kScanBytesMax = 8192;         // one scan (DEVICES.md section 3)
inline constexpr std::size_t kDeviceWriteBytesMax = 256 * 1024;  // bytes queued to one device
inline constexpr std::int64_t kDeviceRetryFirstMs = 250, kDeviceRetryMostMs = 1'000;
inline constexpr std::int64_t kDoubledScanMs = 400;        // same code again sooner: one scan

// --- orders and imports ---
inline constexpr std::size_t kOrderLinesMax = 1'500;       // lines in one order
inline constexpr std::int64_t kLineQuantityMax = 1'000'000;
inline constexpr std::size_t kTextBytesMax = 1'000;        // one name, title or address line
inline constexpr std::size_t kImportBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kCsvFieldBytesMax = 16 * 1024;

// --- server edge ---
inline constexpr std::size_t kHttpBodyBytesMax = 1024 * 1024;   // except imports
inline constexpr std::size_t kHttpHeaderBytesMax = 16 * 1024;
inline constexpr std::size_t kHttpConnectionsMax = 256;
inline constexpr std::size_t kPageRowsMax = 200;                // rows in one API answer
inline constexpr std::size_t kOutboxRowsMax = 1'000'000;
inline constexpr std::size_t kChannelInFlightMax = 8;           // requests under way per channel
inline constexpr std::int64_t kRetryFirstMs = 500, kRetryMostMs = 300'000;
inline constexpr std::int64_t kHttpTimeoutMs = 10'000;

}  // namespace dockline::base::limits
