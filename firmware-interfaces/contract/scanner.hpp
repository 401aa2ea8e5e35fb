// A scanner driver is a codec: bytes in, scans out. No I/O, no clock; `now` is a parameter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/limits.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"

namespace dockline::firmware {

struct Scan {
  std::string data;        // the symbol's bytes as they came: perhaps not UTF-8, perhaps with GS
  std::string symbology;   // AIM identifier, "]C1"; empty when the scanner sent none
  std::optional<int> eci;  // character set named by the symbol (26 = UTF-8), seldom there

  friend bool operator==(const Scan&, const Scan&) = default;
};

// Bytes that gave no scan: too long, no identifier although required. Show it, count it, go on.
struct ScanRefused {
  std::string reason;  // for people, with the remedy
  std::string head;    // the first bytes, for the journal (at most 64)
};

using ScannerEvent = std::variant<Scan, ScanRefused>;

// As configured. Words of the configuration are in brackets; the first is the default.
enum class ScanSuffix { newline, tab, etx, none };  // [newline: CR LF, CR or LF], tab, etx, none
enum class ScanPrefix { none, stx, aim };           // [none], stx, aim (identifier required)

struct ScannerSettings {
  ScanSuffix suffix = ScanSuffix::newline;
  ScanPrefix prefix = ScanPrefix::none;
  std::int64_t idle_ms = 50;       // a pause this long ends a scan; only with suffix none
  std::string no_read = "NOREAD";  // what the scanner sends when it saw nothing; not a scan
  std::size_t longest_bytes = base::limits::kScanBytesMax;
  std::string gs_text;  // text some scanners send in place of GS, e.g. "<GS>"; empty: none
};

// Reads the words above. Fault::reject names the word and what is allowed.
[[nodiscard]] base::Result<ScannerSettings> scanner_settings(std::string_view suffix,
                                                             std::string_view prefix,
                                                             std::int64_t idle_ms);

class ScannerCodec {
 public:
  virtual ~ScannerCodec() = default;
  // Bytes in any portions: split or glued, the scans are the same.
  virtual void feed(base::Instant now, std::string_view bytes, std::vector<ScannerEvent>& out) = 0;
  // When tick() is due (Instant::mono_ms), if at all.
  [[nodiscard]] virtual std::optional<std::int64_t> deadline_ms() const = 0;
  virtual void tick(base::Instant now, std::vector<ScannerEvent>& out) = 0;
  // The connection is new: half a scan is thrown away.
  virtual void reset() = 0;
};

struct ScannerDriver {
  std::string_view name;
  std::unique_ptr<ScannerCodec> (*make)(const ScannerSettings&);
};

}  // namespace dockline::firmware
