#include "firmware-interfaces/printers/zpl/answers.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dockline::firmware::zpl {
namespace {

// The longest answer has twelve fields; of a longer text the first ones, and how many there are.
constexpr std::size_t kFieldsMost = 16;
class Fields {
 public:
  Fields(std::string_view text, char at) {
    while (true) {
      const auto hit = text.find(at);
      if (count_ < kFieldsMost) fields_[count_] = text.substr(0, hit);
      ++count_;
      if (hit == std::string_view::npos) return;
      text.remove_prefix(hit + 1);
    }
  }
  [[nodiscard]] std::size_t size() const { return count_; }
  std::string_view operator[](std::size_t n) const { return fields_[n]; }

 private:
  std::array<std::string_view, kFieldsMost> fields_;
  std::size_t count_ = 0;
};

std::string_view trim(std::string_view s) {
  const auto blank = [](char c) { return c == ' ' || c == '\r' || c == '\n' || c == '\t'; };
  while (!s.empty() && blank(s.front())) {
    s.remove_prefix(1);
  }
  while (!s.empty() && blank(s.back())) {
    s.remove_suffix(1);
  }
  return s;
}

template <class Int>
std::optional<Int> number(std::string_view text, int base = 10) {
  Int value{};
  text = trim(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

bool flag(std::string_view field) { return trim(field) != "0"; }

bool all_digits(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
}

struct ErrorBit {
  std::uint32_t bit;
  std::string_view name;
};
constexpr std::array<ErrorBit, 10> kErrorBits = {{{0x1, "media_out"},
                                                  {0x2, "ribbon_out"},
                                                  {0x4, "head_open"},
                                                  {0x8, "cutter_fault"},
                                                  {0x10, "printhead_over_temp"},
                                                  {0x20, "motor_over_temp"},
                                                  {0x40, "bad_printhead_element"},
                                                  {0x80, "printhead_detection_error"},
                                                  {0x100, "invalid_firmware_config"},
                                                  {0x200, "printhead_thermistor_open"}}};

std::string hex8(std::uint64_t value) {
  std::string out(8, '0');
  for (auto it = out.rbegin(); it != out.rend() && value != 0; ++it, value >>= 4) {
    *it = "0123456789ABCDEF"[value & 15];
  }
  return out;
}

// "1 00000000 00000005" behind ERRORS: or WARNINGS:. An unknown bit counts; so does a flag without
// any bit.
std::optional<std::vector<std::string>> read_group(std::string_view block, std::string_view word,
                                                   bool names_known) {
  const auto at = block.find(word);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  auto rest = block.substr(at + word.size());
  rest = trim(rest.substr(0, rest.find_first_of("\r\n")));
  std::array<std::string_view, 3> fields;
  std::size_t count = 0;
  while (!rest.empty()) {
    const auto end = rest.find(' ');
    if (end != 0) {
      if (count == fields.size()) return std::nullopt;
      fields[count++] = rest.substr(0, end);
    }
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  if (count != fields.size()) {
    return std::nullopt;
  }
  const auto high = number<std::uint64_t>(fields[1], 16),
             low = number<std::uint64_t>(fields[2], 16);
  if (!high || !low) {
    return std::nullopt;
  }
  std::vector<std::string> out;
  std::uint64_t rest_bits = *low;
  for (const auto& [bit, name] : kErrorBits) {
    if (names_known && (rest_bits & bit) != 0) {
      out.emplace_back(name);
      rest_bits &= ~static_cast<std::uint64_t>(bit);
    }
  }
  if (rest_bits != 0) {
    out.push_back("unknown:" + hex8(rest_bits));
  }
  if (*high != 0) {
    out.push_back("unknown-group-2:" + hex8(*high));
  }
  if (out.empty() && flag(fields[0])) {
    out.emplace_back("unknown");
  }
  return out;
}

int string_of(const Fields& fields) {
  if (!all_digits(trim(fields[0]))) {
    return 0;
  }
  switch (fields.size()) {
    case 12:
      return 1;
    case 11:
      return 2;
    case 2:
      return 3;
    default:
      return 0;
  }
}

bool has(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

}  // namespace

bool HostStatus::ready() const {
  return !paper_out && !paused && !head_up && !ribbon_out && !buffer_full && !corrupt_ram &&
         !over_temp;
}

int host_status_string(std::string_view block) { return string_of(Fields(block, ',')); }

std::optional<HostStatus> read_host_status(std::string_view first, std::string_view second) {
  const Fields a(first, ','), b(second, ',');
  if (string_of(a) != 1 || string_of(b) != 2) {
    return std::nullopt;
  }
  const auto formats = number<std::int64_t>(a[4]), remaining = number<std::int64_t>(b[8]);
  const auto mode = trim(b[5]);
  if (!formats || !remaining || mode.size() != 1) {
    return std::nullopt;
  }
  HostStatus s;
  s.paper_out = flag(a[1]);
  s.paused = flag(a[2]);
  s.formats_in_buffer = *formats;
  s.buffer_full = flag(a[5]);
  s.partial_format = flag(a[7]);
  s.corrupt_ram = flag(a[9]);
  s.under_temp = flag(a[10]);
  s.over_temp = flag(a[11]);
  s.head_up = flag(b[2]);
  s.ribbon_out = flag(b[3]);
  s.print_mode = mode[0] >= 'A' ? mode[0] - 'A' + 10 : mode[0] - '0';
  s.label_waiting = flag(b[7]);
  s.labels_remaining = *remaining;
  return s;
}

PrinterStatus to_status(const HostStatus& s) {
  PrinterStatus out;
  out.formats_waiting = s.formats_in_buffer;
  out.labels_remaining = s.labels_remaining;
  out.partial_format = s.partial_format;
  out.label_waiting = s.label_waiting;
  out.state = DeviceState::ready;
  const auto say = [&out](DeviceState state, std::string_view detail) {
    if (out.state == DeviceState::ready) {
      out.state = state;
    }
    out.detail += out.detail.empty() ? std::string(detail) : ", " + std::string(detail);
  };
  if (s.head_up) say(DeviceState::head_open, "print head open: close it");
  if (s.paper_out) say(DeviceState::paper_out, "out of labels: load a new roll");
  if (s.ribbon_out) say(DeviceState::ribbon_out, "out of ribbon: load a new one");
  if (s.over_temp) say(DeviceState::not_ready, "print head too hot: wait");
  if (s.corrupt_ram) say(DeviceState::not_ready, "memory damaged: switch the printer off and on");
  if (s.buffer_full) say(DeviceState::not_ready, "buffer full: switch the printer off and on");
  if (s.paused) say(DeviceState::paused, "paused: press its pause button");
  return out;
}

std::optional<PrinterErrors> read_errors(std::string_view block) {
  auto errors = read_group(block, "ERRORS:", true);
  auto warnings = read_group(block, "WARNINGS:", false);
  if (!errors || !warnings) {
    return std::nullopt;
  }
  PrinterErrors out;
  out.errors = std::move(*errors);
  out.warnings = std::move(*warnings);
  out.state = out.errors.empty()              ? DeviceState::ready
              : has(out.errors, "head_open")  ? DeviceState::head_open
              : has(out.errors, "media_out")  ? DeviceState::paper_out
              : has(out.errors, "ribbon_out") ? DeviceState::ribbon_out
                                              : DeviceState::not_ready;
  return out;
}

std::optional<PrinterIdentity> read_identity(std::string_view block) {
  const Fields fields(block, ',');
  if (fields.size() != 4 || all_digits(trim(fields[0]))) {
    return std::nullopt;
  }
  const auto dots = number<std::int64_t>(fields[2]);
  if (!dots) {
    return std::nullopt;
  }
  return PrinterIdentity{std::string(trim(fields[0])), std::string(trim(fields[1])), *dots};
}

std::optional<PrinterAlert> read_alert(std::string_view line) {
  const auto bracket = line.find('[');
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || bracket == std::string_view::npos || colon > bracket) {
    return std::nullopt;
  }
  const auto head = trim(line.substr(0, colon));
  PrinterAlert out;
  out.condition = trim(line.substr(colon + 1, bracket - colon - 1));
  const auto last = line.rfind('['), end = line.rfind(']');
  if (last != bracket && end != std::string_view::npos && end > last) {
    out.serial = trim(line.substr(last + 1, end - last - 1));
  }
  if (head == "ERROR CONDITION") {
    out.kind = PrinterAlert::Kind::error;
  } else if (head == "ERROR CLEARED") {
    out.kind = PrinterAlert::Kind::cleared;
  } else if (head == "LABEL READY") {
    out.kind = PrinterAlert::Kind::label_ready;
  } else if (head == "LABEL TAKEN") {
    out.kind = PrinterAlert::Kind::label_taken;
  } else if (out.condition == "PQ JOB COMPLETED") {
    out.kind = PrinterAlert::Kind::job_done;
  } else if (out.condition == "POWER ON" || out.condition == "COLD START" || head == "POWER ON" ||
             head == "COLD START") {
    out.kind = PrinterAlert::Kind::restarted;
  }
  return out;
}

}  // namespace dockline::firmware::zpl
