#include "agent/station/barcode.hpp"

#include <algorithm>

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

}  // namespace

bool check_digit_fits(std::string_view digits) { return base::gs1_check_fits(digits); }

std::string item_key(std::string_view data, std::string_view symbology) {
  data = without_identifier(data, symbology);
  if (auto gtin = gtin14(data)) return *gtin;
  const bool element_string = is_gs1(symbology) || data.size() == 16;
  if (element_string && data.size() >= 16 && data.starts_with("01")) {
    if (auto gtin = gtin14(data.substr(2, 14))) return *gtin;
  }
  if (data.starts_with("https://") || data.starts_with("http://")) {
    const auto at = data.find("/01/");
    if (at != std::string_view::npos && data.size() >= at + 18) {
      if (auto gtin = gtin14(data.substr(at + 4, 14))) return *gtin;
    }
  }
  return std::string(data);
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
