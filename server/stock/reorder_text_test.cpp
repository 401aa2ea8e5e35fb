#include "server/stock/reorder_text.hpp"

#include <gtest/gtest.h>

#include "server/imports/csv.hpp"
#include "server/imports/csv_out.hpp"

namespace dockline::server::stock {
namespace {

TEST(ReorderText, TheCsvIsReadBackAsItWasWrittenWhateverIsInIt) {
  const Purchase purchase{.supplier = "Acme; \"Best\"\nLtd",
                          .site = "ulm",
                          .lines = {{"MUG,1", "=A", 24, 2, 150, "because"}}};
  const auto rows = table(std::vector{purchase});
  const auto file = imports::read_csv(imports::write_csv(rows)).value();
  EXPECT_EQ(file.header, rows[0]);
  ASSERT_EQ(file.rows.size(), 1U);
  EXPECT_EQ(file.rows[0].fields, rows[1]);
  const std::vector<TransferProposal> moves = {{"MUG", "ulm", "hull", 3, "why"}};
  EXPECT_EQ(table(moves)[1], (std::vector<std::string>{"MUG", "ulm", "hull", "3", "why"}));
}

TEST(ReorderText, TheMailSaysTheirNumberAndOursAndHoldsNoHeaders) {
  const Purchase purchase{.supplier = "Acme",
                          .site = "ulm\nBcc: all@example.com",
                          .lines = {{"MUG", "A-77", 24, 2, 150, ""}, {"CUP", "", 3, 3, 0, ""}}};
  const auto got = mail(purchase, "Shop");
  EXPECT_EQ(got.subject.find('\n'), std::string::npos);
  EXPECT_NE(got.body.find("24 x A-77 (2 packs), our number MUG\n3 x CUP\n"), std::string::npos)
      << got.body;
}

}  // namespace
}  // namespace dockline::server::stock
