#include "shared/sync/frame.hpp"

#include <algorithm>
#include <memory>

#include <zstd.h>

#include "shared/base/limits.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;
using base::Fault;

// Level 1 unpacks and packs far faster than any link or disk here. A short window keeps the context
// small: a station's whole memory goal is 12 MiB.
constexpr int kLevel = 1;
constexpr int kWindowLog = 17;

struct FreePacker {
  void operator()(ZSTD_CCtx* c) const { ZSTD_freeCCtx(c); }
};
struct FreeUnpacker {
  void operator()(ZSTD_DCtx* c) const { ZSTD_freeDCtx(c); }
};

struct Packer {
  Packer() : context(ZSTD_createCCtx()), out(limits::kMessageBytesMax, '\0') {
    if (!context) return;
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, kWindowLog);
  }
  std::unique_ptr<ZSTD_CCtx, FreePacker> context;
  std::string out;
};

struct Unpacker {
  std::unique_ptr<ZSTD_DCtx, FreeUnpacker> context{ZSTD_createDCtx()};
  std::string out;
};

}  // namespace

std::optional<std::string> pack(std::string_view plain) {
  thread_local Packer packer;
  if (!packer.context || plain.size() > limits::kMessageUnpackedBytesMax) return std::nullopt;
  const std::size_t size = ZSTD_compress2(packer.context.get(), packer.out.data(),
                                          packer.out.size(), plain.data(), plain.size());
  if (ZSTD_isError(size) != 0 || size > plain.size() / 8 * 7) return std::nullopt;
  return packer.out.substr(0, size);
}

std::size_t plain_size(std::string_view payload) {
  if (!is_packed(payload)) return payload.size();
  const auto claimed = ZSTD_getFrameContentSize(payload.data(), payload.size());
  return std::min<std::size_t>(claimed, limits::kMessageUnpackedBytesMax);
}

base::Result<std::string_view> unpack(std::string_view payload) {
  if (payload.size() > limits::kMessageBytesMax) {
    return base::fail(Fault::reject, "message is too large: " + std::to_string(payload.size()) +
                                         " bytes on the wire");
  }
  if (!is_packed(payload)) return payload;
  thread_local Unpacker unpacker;
  if (!unpacker.context) return base::fail(Fault::full, "no memory to unpack a message");
  const std::size_t frame = ZSTD_findFrameCompressedSize(payload.data(), payload.size());
  if (ZSTD_isError(frame) != 0 || frame != payload.size()) {
    return base::fail(Fault::reject, "not one whole zstd frame");
  }
  // The claim only sizes the buffer; what the frame really holds is bounded by the buffer.
  const unsigned long long claimed = ZSTD_getFrameContentSize(payload.data(), payload.size());
  const std::size_t room = claimed > limits::kMessageUnpackedBytesMax
                               ? limits::kMessageUnpackedBytesMax
                               : static_cast<std::size_t>(claimed);
  if (unpacker.out.size() < room) unpacker.out.resize(room);
  const std::size_t size =
      ZSTD_decompressDCtx(unpacker.context.get(), unpacker.out.data(),
                          std::min(room, unpacker.out.size()), payload.data(), payload.size());
  if (ZSTD_isError(size) != 0) {
    return base::fail(Fault::reject,
                      std::string("zstd frame cannot be unpacked: ") + ZSTD_getErrorName(size));
  }
  return std::string_view(unpacker.out).substr(0, size);
}

}  // namespace dockline::sync
