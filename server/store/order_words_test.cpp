// Who is looked for by name, surname or e-mail is found, whether the words of the order are
// gathered already (migration 0024) or the order is one of the newest.
#include <algorithm>
#include <filesystem>
#include <set>

#include <gtest/gtest.h>
#include <unistd.h>

#include "server/store/reader_impl.hpp"
#include "server/store/reader_search.hpp"
#include "server/store/store.hpp"
#include "shared/base/prng.hpp"
#include "tests/hub/query_plan.hpp"

namespace dockline::server::store {
namespace {

constexpr std::int64_t kOrders = 2'600;  // two times 1,024 are gathered

struct Buyer {
  std::string first, last, email;
};

struct OrderWords : ::testing::Test {
  void SetUp() override {
    folder =
        std::filesystem::temp_directory_path() / ("dockline-words-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    store = Store::open((folder / "server.db").string(), "").value();
    ASSERT_TRUE(store->begin().has_value());
    for (std::int64_t n = 1; n <= kOrders; ++n) {
      buyers.push_back(some());
      const auto number = std::to_string(n);
      ASSERT_EQ(store->orders.insert({.id = "shop:" + number,
                                      .channel = "shop",
                                      .number = "N" + number,
                                      .customer = name(buyers.back()),
                                      .ship_to_json = address(buyers.back())},
                                     1),
                n);
    }
    ASSERT_TRUE(store->commit().has_value());
    reader = std::make_unique<Reader>(Reader::open((folder / "server.db").string()).value());
  }
  void TearDown() override {
    reader.reset();
    store.reset();
    std::filesystem::remove_all(folder);
  }
  Buyer some() {
    const auto syllables = [&](std::size_t n) {
      static constexpr const char* kAll[] = {"an", "be", "ki", "lo", "mu", "ta", "ze", "ri"};
      std::string out;
      while (n-- > 0) out += kAll[draw.below(std::size(kAll))];
      out[0] = static_cast<char>(out[0] - 'a' + 'A');
      return out;
    };
    Buyer buyer{syllables(2), draw.below(20) == 0 ? "" : syllables(5), ""};
    if (draw.below(10) != 0) buyer.email = buyer.first + "." + syllables(4) + "@Example.org";
    return buyer;
  }
  static std::string name(const Buyer& b) {
    return b.last.empty() ? b.first : b.first + " " + b.last;
  }
  static std::string address(const Buyer& b) {
    return b.email.empty() ? "not an object" : R"({"email":")" + b.email + R"("})";
  }
  static std::string low(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  }
  std::set<std::string> found(const std::string& text) {
    std::set<std::string> out;
    const auto hits = search(*reader, text, 200).value();
    for (const auto& hit : hits) {
      EXPECT_EQ(hit.type, "order");
      EXPECT_TRUE(hit.match == "customer" || hit.match == "email") << hit.match;
      EXPECT_TRUE(out.insert(hit.id).second) << hit.id << " twice";
    }
    return out;
  }
  std::set<std::string> meant(const std::string& text) const {
    std::set<std::string> out;
    for (std::size_t n = 0; n < buyers.size(); ++n) {
      const auto begins = [&](const std::string& what) {
        return !what.empty() && low(what).starts_with(low(text));
      };
      const auto& b = buyers[n];
      if (begins(name(b)) || begins(b.last) || begins(b.email)) {
        out.insert("shop:" + std::to_string(n + 1));
      }
    }
    return out;
  }
  void expect_found() {
    for (int i = 0; i < 60; ++i) {
      const auto n = draw.below(buyers.size());
      const auto& b = buyers[n];
      const std::string texts[] = {name(b), b.last.empty() ? name(b) : b.last,
                                   b.email.empty() ? name(b) : b.email};
      for (const auto& text : texts) {
        for (const auto& part : {text, text.substr(0, text.size() - 2)}) {
          const auto all = meant(part);
          if (all.size() > 200) continue;
          EXPECT_EQ(found(part), all) << part << ", order " << n + 1;
        }
      }
    }
  }
  std::int64_t ask(const std::string& sql) {
    auto s = store->db().prepare(sql);
    static_cast<void>(s.bind().step());
    return s.integer(0);
  }

  std::filesystem::path folder;
  std::unique_ptr<Store> store;
  std::unique_ptr<Reader> reader;
  base::Prng draw{24};
  std::vector<Buyer> buyers;
};

TEST_F(OrderWords, GatheredAndNewestAreFound) {
  EXPECT_EQ(ask("SELECT ord FROM p_order_worded"), 2'048);
  expect_found();
}

TEST_F(OrderWords, AnAddressThatChangesIsFoundAndTheOldOneIsNot) {
  for (int i = 0; i < 300; ++i) {
    const auto n = draw.below(buyers.size());
    buyers[n] = some();
    store->orders.set_address(static_cast<std::int64_t>(n) + 1, name(buyers[n]),
                              address(buyers[n]));
  }
  expect_found();
  // Each gathered order's words and no others.
  EXPECT_EQ(ask("SELECT count(*) FROM (SELECT what, word, ord FROM p_order_word EXCEPT "
                "SELECT what, word, ord FROM p_order_says)"),
            0);
  EXPECT_EQ(ask("SELECT count(*) FROM (SELECT what, word, ord FROM p_order_says WHERE ord <= 2048 "
                "AND word <> '' EXCEPT SELECT what, word, ord FROM p_order_word)"),
            0);
}

TEST_F(OrderWords, NoLookGoesThroughAllOrders) {
  for (const auto sql : order_word_sql()) {
    const auto said = testing::plan_of(store->db(), sql);
    EXPECT_EQ(said.find("SCAN p_order\n"), std::string::npos) << said;
    EXPECT_EQ(said.find("SCAN p_order_word\n"), std::string::npos) << said;
    EXPECT_EQ(said.find("SCAN w\n"), std::string::npos) << said;
    EXPECT_EQ(said.find("SCAN o\n"), std::string::npos) << said;
    EXPECT_EQ(said.find("MATERIALIZE"), std::string::npos) << said;
  }
}

}  // namespace
}  // namespace dockline::server::store
