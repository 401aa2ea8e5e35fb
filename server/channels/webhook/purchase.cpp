#include "server/channels/webhook/purchase.hpp"

#include <boost/json.hpp>

#include "server/channels/webhook/intake.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::channels::webhook {

namespace json = boost::json;

namespace {

// "host" of "http://host:port/path"; what stands before an @ is no host.
std::string_view host_of(std::string_view rest) {
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (rest.find('@') != std::string_view::npos) return {};
  if (rest.starts_with('[')) return rest.substr(0, rest.find(']') + 1);
  return rest.substr(0, rest.find(':'));
}

bool is_here(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") &&
          host.find_first_not_of("0123456789.") == std::string_view::npos);
}

}  // namespace

base::Status may_post_to(std::string_view url) {
  constexpr std::string_view kHttps = "https://", kHttp = "http://";
  const bool plain = url.starts_with(kHttp);
  const auto host = plain                     ? host_of(url.substr(kHttp.size()))
                    : url.starts_with(kHttps) ? host_of(url.substr(kHttps.size()))
                                              : std::string_view{};
  if (!host.empty() && (!plain || is_here(host))) return {};
  return base::fail(base::Fault::reject,
                    "webhook: \"" + std::string(url) +
                        "\" takes no orders; use https://..., or http:// on this computer");
}

std::string purchase_body(const PurchaseOrder& order) {
  json::array lines;
  for (const auto& line : order.lines) {
    json::object out{{"line", line.line}, {"sku", line.sku}, {"quantity", line.quantity}};
    if (!line.supplier_sku.empty()) out["supplier_sku"] = line.supplier_sku;
    if (line.price_minor != 0) out["price_minor"] = line.price_minor;
    lines.push_back(std::move(out));
  }
  json::object purchase{{"number", order.purchase},
                        {"supplier", order.supplier},
                        {"site", order.site},
                        {"ordered_at", base::to_rfc3339(order.ordered_ms)}};
  if (order.expect_ms != 0) purchase["expected_at"] = base::to_rfc3339(order.expect_ms);
  if (!order.currency.empty()) purchase["currency"] = order.currency;
  purchase["lines"] = std::move(lines);
  return json::serialize(json::object{{"type", "purchase.ordered"},
                                      {"delivery", order.purchase},
                                      {"purchase", std::move(purchase)}});
}

base::HttpRequest purchase_request(const std::string& url, const std::string& key,
                                   const std::string& purchase, std::string body,
                                   base::Instant now) {
  base::HttpRequest request;
  request.method = "POST";
  request.url = url;
  request.timeout_ms = base::limits::kHttpTimeoutMs;
  request.headers = {{"content-type", "application/json"},
                     {"idempotency-key", purchase},
                     {"x-dockline-delivery", purchase},
                     {"x-dockline-timestamp", std::to_string(now.wall_ms)},
                     {"x-dockline-signature", signature(key, body)}};
  request.body = std::move(body);
  return request;
}

Verdict purchase_verdict(const base::Result<base::HttpResponse>& answer) {
  if (!answer) return RetryAfter{.why = answer.error().detail, .reached = false};
  const int status = answer->status;
  const auto said = "HTTP " + std::to_string(status);
  const auto words = base::printable(answer->body, 120);
  const auto in_full = words.empty() ? said : said + ": " + words;
  // 409: the supplier has this purchase already.
  if ((status >= 200 && status < 300) || status == 409) return Delivered{};
  const auto wait = retry_after_ms(answer->headers);
  if (status == 429 || (status == 503 && wait > 0)) {
    return Throttled{.why = said + " (too many requests)", .delay_ms = wait};
  }
  if (status >= 500 || status == 408 || status == 425) {
    return RetryAfter{.why = in_full, .delay_ms = wait};
  }
  if (status >= 300 && status < 400) {
    return Rejected{said + " points elsewhere",
                    "Enter the address that takes orders (`dockline suppliers set`), then send it "
                    "again."};
  }
  if (status == 401 || status == 403) {
    return Rejected{in_full + ": it does not accept our signature",
                    "Compare the signing key with the supplier's, then send it again."};
  }
  return Rejected{in_full, ""};
}

}  // namespace dockline::server::channels::webhook
