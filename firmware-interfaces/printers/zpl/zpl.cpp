#include "firmware-interfaces/printers/zpl/zpl.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <utility>

#include "firmware-interfaces/printers/zpl/answers.hpp"
#include "shared/base/limits.hpp"

namespace dockline::firmware::zpl {
namespace {

constexpr char kStx = '\x02', kEtx = '\x03';
constexpr std::size_t kOpenQuestionsMax = 64;

// Names of the Set-Get-Do variables. A printer that does not know one answers "?".
std::string_view variable(PrinterValueKind kind) {
  switch (kind) {
    case PrinterValueKind::odometer:
      return "odometer.total_label_count";
    case PrinterValueKind::serial:
      return "device.unique_id";
    case PrinterValueKind::uptime:
      return "device.uptime";
  }
  return "";
}

class Zpl final : public PrinterCodec {
 public:
  void feed(std::string_view bytes, std::vector<PrinterEvent>& out) override {
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      if (mode_ == Mode::block) at += block_text(bytes.substr(at));
      if (at < bytes.size()) take(bytes[at], out);
    }
  }

  std::string ask_status() override { return "~HS\r\n"; }
  std::string ask_errors() override { return "~HQES\r\n"; }
  std::string ask_value(PrinterValueKind kind) override {
    if (asked_.size() < kOpenQuestionsMax) {
      asked_.push_back(kind);
    }
    return "! U1 getvar \"" + std::string(variable(kind)) + "\"\r\n";
  }
  [[nodiscard]] std::string cancel_partial() const override { return "~JX\r\n"; }
  [[nodiscard]] std::string cancel_all() const override { return "~JA\r\n"; }

  void reset() override {
    mode_ = Mode::text;
    buffer_.clear();
    first_.clear();
    second_.clear();
    asked_.clear();
  }

 private:
  enum class Mode { text, block, quoted };

  void take(char c, std::vector<PrinterEvent>& out) {
    if (c == kStx) {  // also inside a block: the printer cut its answer and starts another
      enter(Mode::block);
      return;
    }
    if (buffer_.size() >= base::limits::kPrinterAnswerBytesMax) {
      enter(Mode::text);  // no answer is this long: the line is noise
    }
    switch (mode_) {
      case Mode::text:
        text(c, out);
        return;
      case Mode::block:
        if (c == kEtx) {
          const auto block = std::exchange(buffer_, {});
          enter(Mode::text);
          finish_block(block, out);
        } else {
          buffer_ += c;
        }
        return;
      case Mode::quoted:
        if (c == '"') {
          const auto value = std::exchange(buffer_, {});
          enter(Mode::text);
          finish_value(value, out);
        } else {
          buffer_ += c;
        }
        return;
    }
  }

  // What is plain text of a block, at once; how much that was.
  std::size_t block_text(std::string_view bytes) {
    const auto most = std::min(bytes.size(), base::limits::kPrinterAnswerBytesMax - buffer_.size());
    const auto end = std::find_if(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(most),
                                  [](char c) { return c == kStx || c == kEtx; });
    buffer_.append(bytes.begin(), end);
    return static_cast<std::size_t>(end - bytes.begin());
  }

  void enter(Mode mode) {
    mode_ = mode;
    buffer_.clear();
  }

  void text(char c, std::vector<PrinterEvent>& out) {
    if (c == '"') {
      enter(Mode::quoted);
      return;
    }
    if (c == '\r' || c == '\n') {
      finish_line(out);
      return;
    }
    buffer_ += c;
    // Alerts come with or without a line end; they are whole at the second closing bracket.
    if (c == ']' && buffer_.find(']') + 1 < buffer_.size()) {
      finish_line(out);
    }
  }

  void finish_line(std::vector<PrinterEvent>& out) {
    if (buffer_.empty()) return;  // the line ends between the blocks of an answer
    if (auto alert = read_alert(std::exchange(buffer_, {}))) {
      out.emplace_back(std::move(*alert));
    }
  }

  void finish_block(const std::string& block, std::vector<PrinterEvent>& out) {
    if (auto errors = read_errors(block)) {
      out.emplace_back(std::move(*errors));
      return;
    }
    switch (host_status_string(block)) {
      case 1:
        first_ = block;
        second_.clear();
        return;
      case 2:
        second_ = block;
        return;
      case 3:
        if (const auto status = read_host_status(first_, second_)) {
          out.emplace_back(to_status(*status));
        }
        first_.clear();
        second_.clear();
        return;
      default:
        if (auto identity = read_identity(block)) out.emplace_back(std::move(*identity));
        return;
    }
  }

  void finish_value(const std::string& text, std::vector<PrinterEvent>& out) {
    if (asked_.empty()) {
      return;  // nobody asked: an answer to another program
    }
    PrinterValue value{asked_.front(), {}, {}};
    asked_.pop_front();
    if (text != "?" && !text.empty()) {
      value.text = text;
      std::int64_t number = 0;
      const auto* end = text.data() + text.size();
      const auto [at, error] = std::from_chars(text.data(), end, number);
      if (error == std::errc{} && at == end && number >= 0) {
        value.number = number;
      }
    }
    out.emplace_back(std::move(value));
  }

  Mode mode_ = Mode::text;
  std::string buffer_;
  std::string first_, second_;  // strings of a ~HS answer not yet whole
  std::deque<PrinterValueKind> asked_;
};

}  // namespace

std::unique_ptr<PrinterCodec> make() { return std::make_unique<Zpl>(); }

}  // namespace dockline::firmware::zpl
