// No station sends more than the server has allowed: facts beyond the cursor and window of the acks
// that have reached it in this session.
#include <charconv>
#include <map>
#include <memory>

#include <zstd.h>

#include "tests/sim/checkers/judge.hpp"

namespace dockline::sim {
namespace {

constexpr std::size_t kUnpackedMost = 2 << 20;

std::string_view text_of(std::string_view header, std::string_view name) {
  const auto key = "\"" + std::string(name) + "\":\"";
  const auto at = header.find(key);
  if (at == std::string_view::npos) return {};
  const auto rest = header.substr(at + key.size());
  return rest.substr(0, rest.find('"'));
}
std::uint64_t number_of(std::string_view header, std::string_view name) {
  const auto key = "\"" + std::string(name) + "\":";
  const auto at = header.find(key);
  std::uint64_t value = 0;
  if (at == std::string_view::npos) return value;
  const auto* first = header.data() + at + key.size();
  std::from_chars(first, header.data() + header.size(), value);
  return value;
}

class Window final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "window"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    const auto* wire = std::get_if<WireSeen>(&seen);
    if (wire == nullptr) return;
    const bool up = wire->sent && wire->topic.ends_with("/up");
    const bool ack = !wire->sent && wire->topic.ends_with("/up-ack");
    if (!up && !ack) return;
    now_ms_ = at_ms;
    const auto header = header_of(wire->payload);
    const auto kind = text_of(header, "k");
    if (ack && kind == "ack") on_ack(header);
    if (up && kind == "data") on_data(wire->topic, header, out);
  }

 private:
  // The first line, unpacked when it has to be.
  std::string_view header_of(std::string_view payload) {
    if (!payload.empty() && payload.front() == '\x28') {
      plain_.resize(kUnpackedMost);
      const auto size = ZSTD_decompressDCtx(unpacker_.get(), plain_.data(), plain_.size(),
                                            payload.data(), payload.size());
      if (ZSTD_isError(size) != 0) return {};
      payload = std::string_view(plain_).substr(0, size);
    }
    return payload.substr(0, payload.find('\n'));
  }

  void on_ack(std::string_view header) {
    if (text_of(header, "code") != "ok") return;
    auto& allowed = allowed_[std::string(text_of(header, "ses"))];
    allowed = std::max(allowed, number_of(header, "through") + number_of(header, "window"));
  }

  void on_data(std::string_view topic, std::string_view header, std::vector<Violation>& out) {
    const std::string session(text_of(header, "ses"));
    const auto last = number_of(header, "first") + number_of(header, "count") - 1;
    const auto found = allowed_.find(session);
    const auto most = found == allowed_.end() ? 0 : found->second;
    if (last <= most) return;
    say(out, std::string(topic) + " carries fact " + std::to_string(last) + " in session " +
                 session + "; the server has allowed facts through " + std::to_string(most) + ".");
  }

  struct Free {
    void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
  };
  std::unique_ptr<ZSTD_DCtx, Free> unpacker_{ZSTD_createDCtx()};
  std::string plain_;
  std::map<std::string, std::uint64_t> allowed_;  // by session
};

}  // namespace

OneChecker make_window(std::shared_ptr<Log> log) {
  return std::make_unique<Window>(std::move(log));
}

}  // namespace dockline::sim
