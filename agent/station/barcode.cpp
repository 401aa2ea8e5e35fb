#include "agent/station/barcode.hpp"

#include <algorithm>
#include <chrono>

#include "shared/base/gs1.hpp"

namespace dockline::agent::station {
namespace {

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_gs1(std::string_view symbology) {
  return symbology == "]C1" || symbology == "]d2" || symbology == "]Q3" || symbology == "]e0";
}

// Scanners that put the AIM identifier in front although nobody asked for it.
std::string_view without_identifier(std::string_view data, std::string_view& symbology) {
  if (!symbology.empty() || data.size() < 4 || data[0] != ']') return data;
  symbology = data.substr(0, 3);
  return data.substr(3);
}

std::optional<std::string> gtin14(std::string_view digits) {
  const auto n = digits.size();
  if ((n != 8 && n != 12 && n != 13 && n != 14) || !all_digits(digits) ||
      !check_digit_fits(digits)) {
    return std::nullopt;
  }
  return std::string(14 - n, '0') + std::string(digits);
}

// ---- element strings: what a symbol says of its pieces
struct Elements {
  std::string gtin;  // 14 digits
  std::string lot, serial, expiry;
  bool ok = true;  // nothing in it contradicts the form
};

constexpr char kGs = '\x1d';
constexpr std::size_t kLotMax = 20;  // of AI 10 and 21

// Characters of an element with its AI, where the AI alone says how many: a closed list by the AI's
// first two digits (GS1 General Specifications, section 7.8.5). 0: it ends at GS.
std::size_t predefined(std::string_view ai) {
  const int two = (ai[0] - '0') * 10 + (ai[1] - '0');
  if (two == 0) return 20;
  if (two >= 1 && two <= 3) return 16;
  if (two == 4) return 18;
  if (two >= 11 && two <= 19) return 8;
  if (two == 20) return 4;
  if (two >= 31 && two <= 36) return 10;
  if (two == 41) return 16;
  return 0;
}

// One value of one AI; said twice, it must be the same.
void take(Elements& out, std::string_view ai, std::string_view value) {
  const auto put = [&](std::string& member) {
    out.ok = out.ok && !value.empty() && (member.empty() || member == value);
    member = value;
  };
  const auto name = [&](std::string& member) {
    put(member);
    out.ok = out.ok && value.size() <= kLotMax &&
             std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c <= '~'; });
  };
  if (ai == "01") {
    const auto gtin = value.size() == 14 ? gtin14(value) : std::nullopt;
    out.ok = out.ok && gtin.has_value();
    if (gtin) put(out.gtin);
  } else if (ai == "10") {
    name(out.lot);
  } else if (ai == "21") {
    name(out.serial);
  } else if (ai == "17") {
    put(out.expiry);
  }
}

Elements read_elements(std::string_view data) {
  Elements out;
  while (!data.empty() && out.ok) {
    if (data.size() < 3 || !all_digits(data.substr(0, 2))) {
      out.ok = false;
      break;
    }
    auto length = predefined(data);
    if (length == 0) length = std::min(data.find(kGs), data.size());
    out.ok = length > 2 && length <= data.size();
    if (!out.ok) break;
    take(out, data.substr(0, 2), data.substr(2, length - 2));
    data.remove_prefix(length);
    if (data.starts_with(kGs)) data.remove_prefix(1);
  }
  return out;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex(text[i + 2]);
    if (low < 0) {
      out.push_back(text[i]);
    } else {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

// GS1 Digital Link: key and qualifiers in the path, the rest in the query.
Elements read_link(std::string_view link) {
  Elements out;
  const auto at = link.find("/01/");
  if (at == std::string_view::npos) return out;
  link = link.substr(at + 1, link.find('#') - std::min(link.find('#'), at + 1));
  const auto query = std::min(link.find('?'), link.size());
  const auto each = [&](std::string_view text, char between, char after_ai) {
    while (!text.empty() && out.ok) {
      const auto name = text.find(after_ai);
      if (name == std::string_view::npos) return;
      const auto end = std::min(text.find(between, name + 1), text.size());
      take(out, text.substr(0, name), percent_decoded(text.substr(name + 1, end - name - 1)));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
  };
  each(link.substr(0, query), '/', '/');
  if (query < link.size()) each(link.substr(query + 1), '&', '=');
  return out;
}

// What the data says; nothing when it has the form of none of them. A scanner that sends no
// identifier is believed when all of it fits, GTIN first.
std::optional<Elements> elements_of(std::string_view data, std::string_view symbology) {
  if (data.starts_with("https://") || data.starts_with("http://")) return read_link(data);
  const bool unnamed = symbology.empty() && data.size() >= 16 && data.starts_with("01");
  if (!is_gs1(symbology) && !unnamed) return std::nullopt;
  auto out = read_elements(data);
  if (unnamed && !out.ok) return std::nullopt;
  return out;
}

// The instant from which pieces with this AI 17 are not good any more.
std::optional<std::int64_t> end_of_day(std::string_view yymmdd, std::int64_t now_ms) {
  using namespace std::chrono;
  if (yymmdd.size() != 6 || !all_digits(yymmdd)) return std::nullopt;
  const auto two = [&](std::size_t at) { return (yymmdd[at] - '0') * 10 + (yymmdd[at + 1] - '0'); };
  const year_month_day today(floor<days>(sys_time<milliseconds>(milliseconds(now_ms))));
  const int now = static_cast<int>(today.year());
  int full = now - now % 100 + two(0);
  if (full - now >= 51) full -= 100;
  if (full - now <= -50) full += 100;
  const auto of_month = year(full) / month(static_cast<unsigned>(two(2)));
  if (!of_month.month().ok()) return std::nullopt;
  const year_month_day on =
      two(4) == 0 ? year_month_day(of_month / last) : of_month / day(static_cast<unsigned>(two(4)));
  if (!on.ok()) return std::nullopt;
  return duration_cast<milliseconds>((sys_days(on) + days(1)).time_since_epoch()).count();
}

}  // namespace

bool check_digit_fits(std::string_view digits) { return base::gs1_check_fits(digits); }

std::string item_key(std::string_view data, std::string_view symbology) {
  data = without_identifier(data, symbology);
  if (auto gtin = gtin14(data)) return *gtin;
  if (auto elements = elements_of(data, symbology); elements && !elements->gtin.empty()) {
    return std::move(elements->gtin);
  }
  return std::string(data);
}

std::optional<domain::Lot> lot_in(std::string_view data, std::string_view symbology,
                                  std::int64_t now_ms) {
  data = without_identifier(data, symbology);
  const auto elements = elements_of(data, symbology);
  if (!elements || !elements->ok) return std::nullopt;
  domain::Lot out;
  if (!elements->lot.empty()) out.lot = elements->lot;
  if (!elements->serial.empty()) out.serial = elements->serial;
  if (!elements->expiry.empty()) {
    out.expires_ms = end_of_day(elements->expiry, now_ms);
    if (!out.expires_ms) return std::nullopt;
  }
  if (out == domain::Lot{}) return std::nullopt;
  return out;
}

std::optional<std::string> sscc_in(std::string_view data, std::string_view symbology) {
  data = without_identifier(data, symbology);
  if (data.size() == 20 && data.starts_with("00")) data.remove_prefix(2);
  if (data.size() != 18 || !all_digits(data) || !check_digit_fits(data)) return std::nullopt;
  return std::string(data);
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

bool is_label(const LabelNumbers& label, std::string_view data, std::string_view symbology) {
  if (const auto sscc = sscc_in(data, symbology); sscc && *sscc == label.sscc) return true;
  data = without_identifier(data, symbology);
  return !label.tracking.empty() && equal_ignoring_case(data, label.tracking);
}

bool looks_like_label(std::string_view data, std::string_view symbology) {
  if (sscc_in(data, symbology)) return true;
  data = without_identifier(data, symbology);
  return data.size() == 12 && equal_ignoring_case(data.substr(0, 2), "DL") &&
         all_digits(data.substr(2));
}

}  // namespace dockline::agent::station
