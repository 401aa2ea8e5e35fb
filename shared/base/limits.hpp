// Every limit of the product, with unit and reason. Nothing queues, buffers or loops without one.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dockline::base::limits {

// --- turn ---
inline constexpr std::size_t kMailboxInputsMax = 4096;   // inputs waiting for the lane; then refuse
inline constexpr std::size_t kMailboxCalmInputs = 1024;  // more: windows shrink (PROTOCOL.md 7)
inline constexpr std::size_t kTurnInputsMax = 1024;      // inputs in one transaction (group commit)
inline constexpr std::size_t kTurnBytesMax = 1024 * 1024;  // of those, as far as inputs have a size
inline constexpr std::size_t kLargeInputBytes = 16 * 1024;  // this large: part of a backlog

// --- sync protocol (PROTOCOL.md section 15) ---
inline constexpr std::size_t kFactBytesMax = 64 * 1024;
inline constexpr std::size_t kMessageBytesMax = 120 * 1024;  // on the wire
inline constexpr std::size_t kMessageUnpackedBytesMax = 1024 * 1024;
inline constexpr std::size_t kBatchFactsMax = 256;
inline constexpr unsigned kReopensMax = 3;  // at one cursor; then plain batches of one fact
inline constexpr std::uint64_t kWindowFacts = 512;
inline constexpr std::uint64_t kWindowFactsMax = 1024;
inline constexpr std::uint64_t kWindowBytes = 512 * 1024;
inline constexpr std::uint64_t kWindowBytesMax = 1024 * 1024;
inline constexpr std::uint64_t kUpOutboxRowsMax = 2'000'000;
inline constexpr std::uint64_t kDownOutboxRowsMax = 20'000;
inline constexpr std::size_t kPieceBytesMax = 64 * 1024 + 1;  // of a snapshot: a fact and its end
inline constexpr std::uint32_t kPartsMax = 4096;              // of one snapshot: 256 MiB
inline constexpr std::size_t kSnapshotsMax = 16;           // under way at once; other stations wait
inline constexpr std::int64_t kSnapshotStillMs = 600'000;  // no piece taken for so long: give up
inline constexpr std::int64_t kSnapshotClosedMax = 500;    // closed boxes a snapshot tells of
inline constexpr std::size_t kIncarnationsMax = 64;
inline constexpr std::size_t kGoneMax = 8;
inline constexpr std::size_t kTrimRowsMax = 1000;  // rows deleted per trim tick
inline constexpr std::uint64_t kParkedFactsMax = 10'000;
inline constexpr std::int64_t kOpenFirstMs = 1'000, kOpenMostMs = 60'000;  // T_open
inline constexpr std::int64_t kAckFirstMs = 2'000, kAckMostMs = 60'000;    // T_ack
inline constexpr std::int64_t kBatchMs = 20;                               // T_batch
inline constexpr std::int64_t kProbeMs = 30'000, kProbeJitterMs = 5'000;   // T_probe, T_beat
inline constexpr std::int64_t kClockFollowMaxMs = 60'000;  // a clock further ahead is not followed
inline constexpr std::int64_t kNackMs = 1'000;             // T_nack
inline constexpr std::int64_t kRefusedFirstMs = 300'000, kRefusedMostMs = 3'600'000;
inline constexpr std::int64_t kReconnectFirstMs = 1'000, kReconnectMostMs = 120'000;

// --- devices ---
inline constexpr std::size_t kScanBytesMax = 8192;               // one scan (DEVICES.md section 3)
inline constexpr std::size_t kDeviceWriteBytesMax = 256 * 1024;  // bytes queued to one device
inline constexpr std::int64_t kDeviceRetryFirstMs = 250, kDeviceRetryMostMs = 1'000;
inline constexpr std::int64_t kScanStallMs = 1'000;          // half a scan this old is refused
inline constexpr std::int64_t kConnectMs = 1'500;            // absence must be on the screen in 2 s
inline constexpr std::size_t kPrinterAnswerBytesMax = 4096;  // unread bytes of a printer's answer
inline constexpr std::size_t kLabelBytesMax = 64 * 1024;     // one ZPL format
inline constexpr std::int64_t kPrinterPollMs = 500;          // between two looks at an idle printer
inline constexpr std::int64_t kPrinterAnswerMs = 1'200;      // no status by then: not ready
inline constexpr std::int64_t kPrinterValueMs = 2'000;       // no value by then: it has none
inline constexpr std::int64_t kPrinterSilentMs = 5'000;      // no byte for this long: connect anew
inline constexpr std::int64_t kPrintPollMs = 150;  // between two looks while a job is under way
inline constexpr std::int64_t kPrintPrepareMs = 5'000;   // from print() to prepared or refused
inline constexpr std::int64_t kPrintReleaseMs = 10'000;  // from prepared to send()
inline constexpr std::int64_t kPrintWriteMs = 10'000;    // until every byte left this machine
inline constexpr std::int64_t kPrintStillMs = 2'000;     // between the two looks of "not printed"
inline constexpr std::int64_t kPrintSettleMs = 10'000;   // ready, empty, count unmoved: give up
inline constexpr std::int64_t kPrintSilentMs = 30'000;   // job under way, printer says nothing
inline constexpr std::int64_t kPrintWaitMs = 600'000;    // job held by paper out, pause...
inline constexpr std::int64_t kDoubledScanMs = 400;      // same code again sooner: one scan

inline constexpr std::int64_t kRepeatedScanMs = 80;  // same code by any scanner: one scan

// --- bench ---
inline constexpr std::int64_t kTypedQuantityMax = 500;  // pieces counted by one QTY scan
inline constexpr std::size_t kUndoStepsMax = 64;        // acts of one order that UNDO takes back
inline constexpr std::size_t kLastActionsMax = 5;       // shown on the station page
inline constexpr std::int64_t kLabelAnswerMs = 8'000;   // then the packer is asked
inline constexpr std::int64_t kLabelLateMs = 600'000;   // a label that waited longer asks first
inline constexpr std::int64_t kPrintRetryMs = 2'000;    // between two tries on a printer not ready
inline constexpr std::int64_t kPrintResendsMax = 3;     // of a label proven not printed
inline constexpr std::int64_t kOfflineBannerMs = 3'600'000;  // server silent this long: say so
inline constexpr std::size_t kPanelConnectionsMax = 32;      // to the station page's server
inline constexpr std::int64_t kStoreRetryMs = 5'000;         // tries to commit on a full disk
inline constexpr std::int64_t kStopRepeatMs = 5'000;         // the stop sound, until a scan
inline constexpr std::int64_t kRawScansMax = 200'000;        // rows kept in the raw scan journal
inline constexpr std::size_t kBoxLotsMax = 400;      // lots and serials of one box, in one fact
inline constexpr std::size_t kLotTextBytesMax = 90;  // of a lot's or a serial's name
inline constexpr std::int64_t kDoneWorkMax = 2'000;  // finished orders kept at the bench

// --- orders and imports ---
inline constexpr std::size_t kOrderLinesMax = 1'500;  // lines in one order
inline constexpr std::int64_t kLineQuantityMax = 1'000'000;
inline constexpr std::size_t kTextBytesMax = 1'000;  // one name, title or address line
inline constexpr std::size_t kImportBytesMax = 64 * 1024 * 1024;
inline constexpr std::size_t kCsvFieldBytesMax = 16 * 1024;

// --- server edge ---
inline constexpr std::size_t kHttpBodyBytesMax = 1024 * 1024;  // except imports
inline constexpr std::size_t kHttpHeaderBytesMax = 16 * 1024;
inline constexpr std::size_t kHttpConnectionsMax = 256;
inline constexpr std::size_t kPageRowsMax = 200;    // rows in one API answer
inline constexpr std::size_t kHandedOverMax = 500;  // parcels of one hand-over request
inline constexpr std::size_t kSiteValuesMax = 500;  // what routing knows of one site
inline constexpr std::size_t kOutboxRowsMax = 1'000'000;
inline constexpr std::size_t kChannelInFlightMax = 8;  // requests under way per channel
inline constexpr std::int64_t kRetryFirstMs = 500, kRetryMostMs = 300'000;
inline constexpr std::int64_t kHttpTimeoutMs = 10'000;

// --- channels ---
inline constexpr std::int64_t kThrottleMostMs = 3'600'000;  // longest Retry-After we believe
inline constexpr std::int64_t kPushAttemptsMax = 12;  // answered but undone: then a person looks
inline constexpr std::int64_t kBreakerFailures = 4;   // in a row: the channel counts as away
inline constexpr std::int64_t kBreakerFirstMs = 1'000, kBreakerMostMs = 30'000;  // between probes
inline constexpr std::int64_t kDoubtSettleMs = 2'000;    // a request that outlived us may still end
inline constexpr std::int64_t kThrottleFirstMs = 2'000;  // throttled without saying for how long
inline constexpr std::size_t kPendingOrdersMax = 1'000;  // seen unpaid, watched until they are paid

}  // namespace dockline::base::limits
