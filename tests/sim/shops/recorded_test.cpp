// The shop model against a real Vendure: each question recorded there is put to the model in the
// same situation, and its answer must have the same members, of the same kinds, no more and no
// fewer. tests/storefront records them (RECORD=folder) and runs the channel's code on the real one.
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/channels/shop_model.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;
using server::channels::vendure::ShopModel;

struct Recorded {
  std::string asked, answered;
  int status = 0;
};

Recorded recorded(const std::string& name) {
  const char* source = std::getenv("DOCKLINE_SOURCE");
  std::ifstream in(std::string(source == nullptr ? "." : source) +
                   "/server/channels/vendure/fixtures/" + name + ".http");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const auto body = text.find("\n\n") + 2;
  const auto answer = text.find("\n\nHTTP/1.1 ");
  EXPECT_NE(answer, std::string::npos) << name;
  return {text.substr(body, answer - body), text.substr(text.find("\n\n", answer + 2) + 2),
          std::atoi(text.c_str() + answer + 11)};
}

// A shop as the recorded one was: three SKUs, 100 of each at two places, one order of two lines.
ShopModel shop() {
  ShopModel model;
  model.user = "admin";
  model.password = "PASSWORD";
  model.token = "TOKEN";
  for (const char* sku : {"MUG-RED", "MUG-BLUE", "TEE-L"}) {
    model.stock[sku] = {{"1", {100, 0}}, {"2", {100, 0}}};
  }
  EXPECT_TRUE(model.buy({{"MUG-RED", 2}, {"TEE-L", 1}}, 1'795'231'564'568));
  model.orders[0].code = "HFNEW6SSSWG7QSD8";
  return model;
}

std::string kind_of(const json::value& value) {
  return value.is_number() ? "number" : std::string(json::to_string(value.kind()));
}

// Where they differ; "" when they are alike.
std::string difference(const json::value& real, const json::value& model, const std::string& at) {
  if (real.is_null() || model.is_null()) return "";  // optional there
  if (kind_of(real) != kind_of(model)) return at + " is " + kind_of(model);
  if (const auto* members = real.if_object()) {
    for (const auto& [key, value] : *members) {
      const auto* other = model.as_object().if_contains(key);
      if (other == nullptr) return at + "." + std::string(key) + " is missing";
      if (auto found = difference(value, *other, at + "." + std::string(key)); !found.empty()) {
        return found;
      }
    }
    for (const auto& [key, value] : model.as_object()) {
      if (!members->contains(key)) return at + "." + std::string(key) + " was not asked for";
    }
  }
  if (const auto* items = real.if_array(); items != nullptr && !items->empty()) {
    if (model.as_array().empty()) return at + " is empty";
    return difference(items->front(), model.as_array().front(), at + "[0]");
  }
  return "";
}

base::HttpResponse ask(ShopModel& model, const std::string& body) {
  base::HttpRequest request;
  request.method = "POST";
  request.headers = {{"authorization", "Bearer TOKEN"}};
  request.body = body;
  return model.answer(request);
}

void expect_alike(ShopModel& model, const std::string& name, const std::string& body = {}) {
  const auto real = recorded(name);
  const auto answer = ask(model, body.empty() ? real.asked : body);
  EXPECT_EQ(answer.status, real.status) << name;
  EXPECT_EQ(difference(json::parse(real.answered), json::parse(answer.body), name), "")
      << answer.body;
}

// The recorded question with the model's own id in place of the real shop's.
std::string with(const std::string& name, const std::string& old_id, const std::string& id) {
  auto body = recorded(name).asked;
  const auto quoted = "\"" + old_id + "\"";
  const auto at = body.rfind(quoted);
  EXPECT_NE(at, std::string::npos) << name;
  return body.replace(at, quoted.size(), "\"" + id + "\"");
}

TEST(RecordedVendure, TheModelAnswersTheSameQuestionsInTheSameForm) {
  auto model = shop();
  for (const char* name : {"login", "stock_read", "stock_audit", "orders", "order_read"}) {
    expect_alike(model, name);
  }
}

TEST(RecordedVendure, TheModelTakesWhatTheRealOneTook) {
  auto model = shop();
  auto set = recorded("stock_set").asked;
  const auto variant = set.find(R"("id":"1")");
  ASSERT_NE(variant, std::string::npos);
  expect_alike(model, "stock_set", set.replace(variant, 8, R"("id":"v-MUG-RED")"));
  EXPECT_EQ(model.stock.at("MUG-RED").at("1").on_hand, 12);
  auto fulfil = recorded("fulfil").asked;
  const auto line = fulfil.find(R"("orderLineId":"5")");
  ASSERT_NE(line, std::string::npos);
  fulfil.replace(line, 17, R"("orderLineId":")" + model.orders[0].lines[0].id + "\"");
  expect_alike(model, "fulfil", fulfil);
  ASSERT_EQ(model.orders[0].fulfilments.size(), 1U);
  expect_alike(model, "ship", with("ship", "2", model.orders[0].fulfilments[0].id));
  EXPECT_EQ(model.orders[0].fulfilments[0].state, "Shipped");
}

TEST(RecordedVendure, WithoutALoginNothingIsAnswered) {
  auto model = shop();
  model.token = "another";
  const auto answer = ask(model, recorded("orders").asked);
  EXPECT_TRUE(json::parse(answer.body).as_object().contains("errors"));
}

}  // namespace
}  // namespace dockline::sim
