#include "server/api/conflicts.hpp"

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "server/api/api.hpp"
#include "server/api/openapi.hpp"

namespace dockline::server::api {
namespace {

TEST(Conflicts, EachHasACodeAndARemedyOfItsOwn) {
  std::set<std::string_view> codes{"conflict"};
  std::set<std::string> remedies{to_problem({base::Fault::conflict, ""}).remedy};
  for (const auto& one : conflicts()) {
    EXPECT_TRUE(codes.insert(one.code).second) << one.code << " stands twice";
    EXPECT_TRUE(remedies.emplace(one.remedy).second) << one.code << " has the words of another";
    EXPECT_GE(one.remedy.size(), 20U) << one.code;
    EXPECT_EQ(conflict_of(one.method, one.pattern), &one);
  }
  EXPECT_EQ(conflict_of("GET", "orders"), nullptr);
}

TEST(Conflicts, TheOpenApiPageListsEachCode) {
  const std::string& page = openapi_document();
  for (const auto& one : conflicts()) {
    EXPECT_NE(page.find(std::string(one.code) + ": 409"), std::string::npos) << one.code;
  }
}

TEST(Conflicts, ARefusalOfTheCoreGetsTheWordsOfItsRoute) {
  Reply reply;
  reply.error = base::Error{base::Fault::conflict, "order api:1 is there already"};
  Ask ask{[](const Reply&) { return Answer{}; }, {}};
  ask.conflict = conflict_of("POST", "orders");
  const auto answer = reply_answer(ask, reply);
  EXPECT_EQ(answer.status, 409);
  EXPECT_NE(answer.body.find(R"("code":"order_differs")"), std::string::npos) << answer.body;
  EXPECT_NE(answer.body.find("order api:1 is there already"), std::string::npos);
  EXPECT_NE(answer.body.find("number of its own"), std::string::npos);
}

}  // namespace
}  // namespace dockline::server::api
