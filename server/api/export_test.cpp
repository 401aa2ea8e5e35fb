#include "server/api/export.hpp"

#include <gmock/gmock.h>

#include "tests/hub/hub_world.hpp"

namespace dockline::server::api {
namespace {

using ::testing::HasSubstr;

TEST(ExportCsv, ATableIsWholeOrNotGivenAtAll) {
  testing::World w;
  w.start();
  w.stock("CUP", "leipzig", 3);
  w.stock("MUG", "leipzig", 5);
  const std::string whole =
      "\"sku\",\"place\",\"quantity\"\r\n\"CUP\",\"leipzig/shelf\",\"3\"\r\n"
      "\"MUG\",\"leipzig/shelf\",\"5\"\r\n";
  const auto out = export_csv(*w.reader, "places", whole.size());
  EXPECT_EQ(out.status, 200);
  EXPECT_EQ(out.type, "text/csv");
  EXPECT_EQ(out.body, whole);
  const auto refused = export_csv(*w.reader, "places", whole.size() - 1);
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.body, HasSubstr("places.csv would be larger"));
  EXPECT_EQ(export_csv(*w.reader, "secrets").status, 404);
}

}  // namespace
}  // namespace dockline::server::api
