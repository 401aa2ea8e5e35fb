#include "firmware-interfaces/scanners/framed/framed.hpp"

#include <utility>

#include "firmware-interfaces/scanners/framed/symbol.hpp"
#include "shared/base/limits.hpp"

namespace dockline::firmware::framed {
namespace {

namespace limits = base::limits;
constexpr char kStx = '\x02', kEtx = '\x03';
constexpr std::size_t kHeadBytes = 64;

class Framed final : public ScannerCodec {
 public:
  explicit Framed(ScannerSettings settings) : settings_(std::move(settings)) {}

  void feed(base::Instant now, std::string_view bytes, std::vector<ScannerEvent>& out) override {
    tick(now, out);
    for (const char c : bytes) {
      if (ends_frame(c)) {
        finish(out);
      } else if (settings_.prefix == ScanPrefix::stx && c == kStx) {
        buffer_.clear();  // a new frame starts: whatever came before it was noise
        open_ = true;
      } else {
        keep(c, out);
      }
    }
    touched_ms_ = now.mono_ms;
  }

  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const override {
    if (buffer_.empty() && !skipping_) {
      return std::nullopt;
    }
    return touched_ms_ +
           (settings_.suffix == ScanSuffix::none ? settings_.idle_ms : limits::kScanStallMs);
  }

  void tick(base::Instant now, std::vector<ScannerEvent>& out) override {
    const auto due = deadline_ms();
    if (!due || now.mono_ms < *due) {
      return;
    }
    if (settings_.suffix == ScanSuffix::none) {
      finish(out);
      return;
    }
    if (!skipping_) {
      out.emplace_back(
          ScanRefused{"a scan came without its end: check the suffix setting of the "
                      "scanner, then scan again",
                      buffer_.substr(0, kHeadBytes)});
    }
    reset();
  }

  void reset() override {
    buffer_.clear();
    skipping_ = false;
    open_ = false;
  }

 private:
  [[nodiscard]] bool ends_frame(char c) const {
    switch (settings_.suffix) {
      case ScanSuffix::newline:
        return c == '\r' || c == '\n';
      case ScanSuffix::tab:
        return c == '\t';
      case ScanSuffix::etx:
        return c == kEtx;
      case ScanSuffix::none:
        return false;
    }
    return false;
  }

  void keep(char c, std::vector<ScannerEvent>& out) {
    if (skipping_ || (settings_.prefix == ScanPrefix::stx && !open_)) {
      return;
    }
    if (buffer_.size() < settings_.longest_bytes) {
      buffer_ += c;
      return;
    }
    out.emplace_back(ScanRefused{"a scan longer than " + std::to_string(settings_.longest_bytes) +
                                     " bytes: not a barcode Dockline can use",
                                 buffer_.substr(0, kHeadBytes)});
    buffer_.clear();
    skipping_ = true;  // until the next suffix or pause
  }

  void finish(std::vector<ScannerEvent>& out) {
    const std::string frame = std::move(buffer_);
    const bool skipped = skipping_;
    reset();
    // An empty frame is a bare suffix, or the LF whose CR came with an earlier read.
    if (skipped || frame.empty() || frame == settings_.no_read) {
      return;
    }
    auto scan = read_symbol(frame, settings_.gs_text);
    if (settings_.prefix == ScanPrefix::aim && scan.symbology.empty()) {
      out.emplace_back(
          ScanRefused{"a scan without AIM identifier: switch the identifier on in the "
                      "scanner, or set prefix to \"none\"",
                      frame.substr(0, kHeadBytes)});
    } else if (!scan.data.empty()) {
      out.emplace_back(std::move(scan));
    }
  }

  ScannerSettings settings_;
  std::string buffer_;
  bool skipping_ = false;  // too long: throw away up to the next end
  bool open_ = false;      // after STX
  std::int64_t touched_ms_ = 0;
};

}  // namespace

std::unique_ptr<ScannerCodec> make(const ScannerSettings& settings) {
  return std::make_unique<Framed>(settings);
}

}  // namespace dockline::firmware::framed
