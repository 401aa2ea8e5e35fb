// What an EPCIS event is about, and where: names for items, their lots and serials, and for places.
//
// A piece with a serial is an EPC of its own (SGTIN), pieces of a lot are a quantity of that lot
// (LGTIN), all others a quantity of their item; each as a GS1 Digital Link URI where a bar code of
// the item is a GTIN. What GS1 has no key for is a private URN: urn:dockline:sku:<SKU>, with
// :lot:<lot> or :serial:<serial> behind it. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::server::api {

// By SKU: bar codes of one piece.
using ItemCodes = std::map<std::string, std::vector<std::string>>;

// urn:dockline:<kind>:<name>; what RFC 8141 does not take there is percent-encoded.
[[nodiscard]] std::string epcis_urn(std::string_view kind, std::string_view name);
// "<site>/<shelf, bench...>", and a bin of it unless that is empty.
[[nodiscard]] std::string epcis_place(std::string_view place, std::string_view bin);
// 14 digits of a bar code that is a GTIN with a right check digit; else empty.
[[nodiscard]] std::string gtin14(const std::string& code);

class EpcisThings {
 public:
  explicit EpcisThings(const ItemCodes& codes) : codes_(codes) {}

  // A serial is of one piece: further ones that claim it are told without.
  void add(const std::string& sku, domain::Quantity pieces, const std::optional<domain::Lot>& lot);

  [[nodiscard]] bool empty() const { return epcs_.empty() && amounts_.empty(); }

  struct Amount {
    std::string epc_class;
    std::int64_t quantity = 0;
  };
  struct OfLot {
    std::string epc, lot;
  };
  [[nodiscard]] const std::vector<std::string>& epcs() const { return epcs_; }
  [[nodiscard]] const std::vector<Amount>& amounts() const { return amounts_; }  // one of a class
  // The lot of an EPC: the standard has no place for it but the EPC's first event.
  [[nodiscard]] const std::vector<OfLot>& lots() const { return lots_; }

 private:
  [[nodiscard]] std::string gtin_of(const std::string& sku) const;
  void count(std::string epc_class, std::int64_t pieces);

  const ItemCodes& codes_;
  std::vector<std::string> epcs_;
  std::vector<Amount> amounts_;
  std::vector<OfLot> lots_;
  std::set<std::string> serials_;              // of epcs_
  std::map<std::string, std::size_t> places_;  // of a class in amounts_
};

}  // namespace dockline::server::api
