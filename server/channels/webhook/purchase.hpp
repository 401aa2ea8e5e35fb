// A purchase as its supplier's address takes it: signed JSON, as a partner gets it (README.md). The
// bytes are made once and are the same in every attempt, and so is the key that names them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "server/channels/contract/channel.hpp"

namespace dockline::server::channels::webhook {

inline constexpr std::size_t kSigningKeyLeast = 16;  // characters: fewer can be guessed

struct PurchaseOrder {
  struct Line {
    std::int64_t line = 0;
    std::string sku, supplier_sku;
    domain::Quantity quantity = 0;
    std::int64_t price_minor = 0;  // of one piece; 0: not said
  };
  std::string purchase, supplier, site, currency;
  std::int64_t ordered_ms = 0, expect_ms = 0;  // 0: not said
  std::vector<Line> lines;
};

// Fault::reject with the remedy: orders go by https, or by http to this computer alone.
[[nodiscard]] base::Status may_post_to(std::string_view url);
[[nodiscard]] std::string purchase_body(const PurchaseOrder& order);
[[nodiscard]] base::HttpRequest purchase_request(const std::string& url, const std::string& key,
                                                 const std::string& purchase, std::string body,
                                                 base::Instant now);
// Delivered, RetryAfter, Throttled or Rejected.
[[nodiscard]] Verdict purchase_verdict(const base::Result<base::HttpResponse>& answer);

}  // namespace dockline::server::channels::webhook
