#include "server/api/epcis_things.hpp"

#include <algorithm>

#include "shared/base/gs1.hpp"

namespace dockline::server::api {
namespace {

constexpr std::string_view kDigitalLink = "https://id.gs1.org/01/";
constexpr std::size_t kLotCharsMax = 20;  // of AI 10 and AI 21 (GS1 General Specifications)

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 3986: what is not "unreserved" (less the tilde, which GS1's characters do not have).
std::string escaped(std::string_view text, std::string_view also_plain = {}) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || also_plain.contains(c)) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 15U];
    }
  }
  return out;
}

// Lots and serials of GS1: 1 to 20 of the 82 characters. Others may stand in our books all the
// same, and are no LGTIN or SGTIN.
bool is_gs1_text(std::string_view text) {
  constexpr std::string_view kSigns = "!\"%&'()*+,-./:;<=>?_";
  return !text.empty() && text.size() <= kLotCharsMax &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_alphanumeric(c) || kSigns.contains(c); });
}

struct Part {
  std::string_view ai, word, value;
};
std::string name_of(const std::string& sku, const std::string& gtin, const Part& part) {
  if (part.value.empty()) {
    return gtin.empty() ? epcis_urn("sku", sku) : std::string(kDigitalLink) + gtin;
  }
  if (!gtin.empty() && is_gs1_text(part.value)) {
    return std::string(kDigitalLink) + gtin + "/" + std::string(part.ai) + "/" +
           escaped(part.value);
  }
  return epcis_urn("sku", sku) + ":" + std::string(part.word) + ":" + escaped(part.value);
}

}  // namespace

std::string epcis_urn(std::string_view kind, std::string_view name) {
  return "urn:dockline:" + std::string(kind) + ":" + escaped(name, "/");
}

// A slash in the bin's own name is none of the path.
std::string epcis_place(std::string_view place, std::string_view bin) {
  std::string out = epcis_urn("place", place);
  if (!bin.empty()) out += "/" + escaped(bin);
  return out;
}

std::string gtin14(const std::string& code) {
  const auto n = code.size();
  if (n != 8 && n != 12 && n != 13 && n != 14) return {};
  if (!base::gs1_check_fits(code)) return {};
  return std::string(14 - n, '0') + code;
}

std::string EpcisThings::gtin_of(const std::string& sku) const {
  const auto codes = codes_.find(sku);
  if (codes == codes_.end()) return {};
  for (const auto& code : codes->second) {
    if (auto gtin = gtin14(code); !gtin.empty()) return gtin;
  }
  return {};
}

void EpcisThings::count(std::string epc_class, std::int64_t pieces) {
  const auto [at, fresh] = places_.try_emplace(epc_class, amounts_.size());
  if (fresh) amounts_.push_back({std::move(epc_class), 0});
  amounts_[at->second].quantity += pieces;
}

void EpcisThings::add(const std::string& sku, domain::Quantity pieces,
                      const std::optional<domain::Lot>& lot) {
  const std::string gtin = gtin_of(sku);
  const std::string of_lot = lot ? lot->lot.value_or("") : "";
  const std::string serial = lot ? lot->serial.value_or("") : "";
  const std::string epc_class = name_of(sku, gtin, {"10", "lot", of_lot});
  if (serial.empty() || pieces < 1) return count(epc_class, pieces);
  std::string epc = name_of(sku, gtin, {"21", "serial", serial});
  if (serials_.insert(epc).second) {
    if (!of_lot.empty()) lots_.push_back({epc, epc_class});
    epcs_.push_back(std::move(epc));
    --pieces;
  }
  if (pieces > 0) count(epc_class, pieces);
}

}  // namespace dockline::server::api
