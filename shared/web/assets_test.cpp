#include "shared/web/assets.hpp"

#include <gtest/gtest.h>

namespace dockline::web {
namespace {

using Files = std::vector<base::EmbeddedFile>;

TEST(Assets, ServesTheOwnIndexAtTheRootAndSharedFilesBelowShared) {
  const Assets assets(Files{{"index.html", "<!doctype html>"}, {"app/main.js", "1"}});
  ASSERT_TRUE(assets.find("/"));
  EXPECT_EQ(assets.find("/")->bytes, "<!doctype html>");
  EXPECT_EQ(assets.find("/")->mime, "text/html; charset=utf-8");
  EXPECT_EQ(assets.find("/app/main.js")->mime, "text/javascript; charset=utf-8");
  ASSERT_TRUE(assets.find("/shared/ui.js"));
  ASSERT_TRUE(assets.find("/shared/vendor/preact.js"));
  EXPECT_EQ(assets.find("/shared/tokens.css")->mime, "text/css; charset=utf-8");
}

TEST(Assets, KnowsNoOtherPath) {
  const Assets assets(Files{{"index.html", "x"}});
  EXPECT_FALSE(assets.find("/../index.html"));
  EXPECT_FALSE(assets.find("/shared/assets.cpp"));
  EXPECT_FALSE(assets.find("index.html"));
  EXPECT_FALSE(assets.find(""));
}

TEST(Assets, NamesTheBytesInTheEtag) {
  const Assets one(Files{{"index.html", "x"}});
  const Assets two(Files{{"index.html", "y"}});
  EXPECT_NE(one.find("/")->etag, two.find("/")->etag);
  EXPECT_EQ(one.find("/")->etag, one.find("/index.html")->etag);
}

}  // namespace
}  // namespace dockline::web
