#include "shared/sync/frame.hpp"

#include <gtest/gtest.h>
#include <zstd.h>

#include "shared/base/limits.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;

std::string frame_of(const std::string& plain, bool claim = true) {
  std::string out(ZSTD_compressBound(plain.size()), '\0');
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, claim ? 1 : 0);
  out.resize(ZSTD_compress2(context, out.data(), out.size(), plain.data(), plain.size()));
  ZSTD_freeCCtx(context);
  return out;
}

TEST(Frame, ReturnsWhatWasPacked) {
  const std::string plain(50'000, 'a');
  const auto packed = pack(plain);
  ASSERT_TRUE(packed);
  EXPECT_TRUE(is_packed(*packed));
  EXPECT_LT(packed->size(), 200U);
  EXPECT_EQ(*unpack(*packed), plain);
  EXPECT_EQ(*unpack(frame_of(plain, false)), plain);
}

TEST(Frame, LeavesAPlainMessageAsItIs) {
  EXPECT_EQ(*unpack("{}\n"), "{}\n");
  EXPECT_EQ(*unpack(""), "");
}

TEST(Frame, PacksOnlyWhatEarnsSomething) {
  std::string noise;
  for (unsigned i = 0, x = 1; i < 4'000; ++i) {
    x = x * 1'664'525U + 1'013'904'223U;
    noise += static_cast<char>(x >> 24);
  }
  EXPECT_FALSE(pack(noise));
  EXPECT_FALSE(pack(std::string(limits::kMessageUnpackedBytesMax + 1, 'a')));
}

TEST(Frame, RefusesABombByItsOutputWhetherItClaimsItsSizeOrNot) {
  const std::string large(limits::kMessageUnpackedBytesMax + 1, 'a');
  EXPECT_FALSE(unpack(frame_of(large)));
  EXPECT_FALSE(unpack(frame_of(large, false)));
  EXPECT_TRUE(unpack(frame_of(large.substr(1))));
  EXPECT_TRUE(unpack(frame_of(large.substr(1), false)));
}

TEST(Frame, RefusesWhatIsNotOneWholeFrame) {
  const std::string good = frame_of(std::string(5'000, 'b'));
  EXPECT_FALSE(unpack(good.substr(0, good.size() - 1)));
  EXPECT_FALSE(unpack(good + good));
  EXPECT_FALSE(unpack(good + "x"));
  EXPECT_FALSE(unpack("\x28"));
  EXPECT_FALSE(unpack("\x28\xb5\x2f\xfd"));
  EXPECT_FALSE(unpack(std::string(limits::kMessageBytesMax + 1, '{')));
  EXPECT_EQ(*unpack(good), std::string(5'000, 'b'));  // and goes on
}

}  // namespace
}  // namespace dockline::sync
