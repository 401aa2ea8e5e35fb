// What a supplier's address gets, and what its answers mean.
#include "server/channels/webhook/purchase.hpp"

#include <gtest/gtest.h>

#include "server/channels/webhook/intake.hpp"

namespace dockline::server::channels::webhook {
namespace {

constexpr base::Instant kNow{.mono_ms = 1'000'000, .wall_ms = 1'795'000'000'000};
const PurchaseOrder kOrder{.purchase = "P1001",
                           .supplier = "POTTERS",
                           .site = "leipzig",
                           .currency = "EUR",
                           .ordered_ms = 1'790'000'000'000,
                           .expect_ms = 0,
                           .lines = {{1, "MUG", "PM-1", 24, 450}, {2, "CUP", "", 12, 0}}};

TEST(PurchaseOrder, IsSignedLikeAPartnersMessageUnderItsNumber) {
  const auto request = purchase_request("https://potters.example/in", "0123456789abcdef", "P1001",
                                        purchase_body(kOrder), kNow);
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(header(request.headers, "x-dockline-signature"),
            signature("0123456789abcdef", request.body));
  EXPECT_EQ(header(request.headers, "idempotency-key"), "P1001");
  EXPECT_EQ(header(request.headers, "x-dockline-delivery"), "P1001");
}

TEST(PurchaseOrder, SaysWhatIsKnownAndNothingElse) {
  EXPECT_EQ(purchase_body(kOrder),
            R"({"type":"purchase.ordered","delivery":"P1001","purchase":{"number":"P1001",)"
            R"("supplier":"POTTERS","site":"leipzig","ordered_at":"2026-09-21T14:13:20.000Z",)"
            R"("currency":"EUR","lines":[{"line":1,"sku":"MUG","quantity":24,)"
            R"("supplier_sku":"PM-1","price_minor":450},{"line":2,"sku":"CUP","quantity":12}]}})");
}

TEST(PurchaseOrder, GoesByHttpsOrToThisComputerAlone) {
  for (const auto* url : {"https://potters.example/in", "https://10.0.0.8:8443",
                          "http://127.0.0.1:8080/in", "http://localhost/", "http://[::1]:9/x"}) {
    EXPECT_TRUE(may_post_to(url).has_value()) << url;
  }
  for (const auto* url : {"http://potters.example/in", "http://127.0.0.1.potters.example/",
                          "http://127.0.0.1@potters.example/", "https://a@potters.example/",
                          "ftp://potters.example", "potters.example", "https://", ""}) {
    const auto ok = may_post_to(url);
    ASSERT_FALSE(ok.has_value()) << url;
    EXPECT_NE(ok.error().detail.find("https://"), std::string::npos);
  }
}

TEST(PurchaseOrder, AnswersThatMayMendThemselvesAreNoRefusal) {
  const auto of = [](int status, base::HttpHeaders headers = {}) {
    return purchase_verdict(base::HttpResponse{status, std::move(headers), "words"});
  };
  for (const int status : {200, 201, 202, 204, 409}) {
    EXPECT_TRUE(std::holds_alternative<Delivered>(of(status))) << status;
  }
  for (const int status : {408, 425, 500, 502, 503}) {
    EXPECT_TRUE(std::holds_alternative<RetryAfter>(of(status))) << status;
  }
  EXPECT_EQ(std::get<Throttled>(of(429, {{"retry-after", "7"}})).delay_ms, 7'000);
  for (const int status : {301, 302, 307, 400, 401, 403, 404, 410, 422}) {
    EXPECT_TRUE(std::holds_alternative<Rejected>(of(status))) << status;
  }
  EXPECT_NE(std::get<Rejected>(of(403)).proposed.find("key"), std::string::npos);
  EXPECT_TRUE(std::holds_alternative<RetryAfter>(
      purchase_verdict(base::fail(base::Fault::retry_later, "nobody listens"))));
}

}  // namespace
}  // namespace dockline::server::channels::webhook
