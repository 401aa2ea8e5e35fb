// One question for whatever number or name a person holds in hand. By indexes only (migration
// search): bounded work however many orders there are. Thread rule and failures: as Reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/reader.hpp"

namespace dockline::server::store {

struct SearchHit {
  std::string type;   // order, item, delivery, transfer, purchase, station, exception
  std::string id;     // as the API's path of that type takes it; a station: "site/station"
  std::string match;  // what fitted: number, id, external_id, tracking, sscc, customer, email, sku,
                      // barcode, lot, serial, title, name, subject
  std::string text;   // what was found, as it is written there
  std::string sub;    // customer, title or place beside it
  std::string state;  // of an order; else empty
  std::int64_t at_ms = 0;
};

// The exact ones first, then those that begin with `text`; and when nothing is exact, items whose
// title holds it (among the first kSearchTitlesMax by SKU). Letters A to Z fit in either case.
inline constexpr std::int64_t kSearchTitlesMax = 20'000;
[[nodiscard]] base::Result<std::vector<SearchHit>> search(Reader& reader, const std::string& text,
                                                          std::int64_t limit);

// The looks for orders by words of names and addresses. (Visible for tests.)
[[nodiscard]] std::vector<std::string_view> order_word_sql();
// 14 digits of a GTIN-8, -12, -13 or -14 without leading zeros, or the text itself: bar codes are
// compared in this form. Also "(00)" before an SSCC goes. (Visible for tests.)
[[nodiscard]] std::vector<std::string> barcode_forms(const std::string& text);
[[nodiscard]] std::string sscc_form(const std::string& text);

}  // namespace dockline::server::store
