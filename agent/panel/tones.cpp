#include "agent/panel/tones.hpp"

#include <algorithm>
#include <cmath>

namespace dockline::agent::panel {
namespace {

struct Note {
  int hertz = 0;  // 0: a pause
  int ms = 0;
};

std::vector<Note> notes_of(std::string_view name) {
  if (name == "tick") return {{1200, 70}};
  if (name == "tock") return {{500, 50}};
  if (name == "nope") return {{420, 120}, {0, 60}, {420, 120}};
  if (name == "hm") return {{900, 120}, {600, 120}};
  if (name == "gone") return {{1000, 90}, {800, 90}, {600, 90}};
  if (name == "back") return {{600, 90}, {800, 90}, {1000, 90}};
  if (name == "done") return {{800, 80}, {1000, 80}, {1300, 80}};
  if (name == "stop") {
    return {{420, 150}, {620, 150}, {420, 150}, {620, 150},
            {420, 150}, {620, 150}, {420, 150}, {620, 150}};
  }
  return {};
}

constexpr int kEdgeMs = 4;  // soft edges: no click

void add(const Note& note, double loudness, std::vector<std::int16_t>& out) {
  constexpr double kTwoPi = 6.283185307179586;
  const int count = note.ms * kSampleRate / 1'000;
  const int edge = kEdgeMs * kSampleRate / 1'000;
  for (int i = 0; i < count; ++i) {
    const double ramp =
        std::min({1.0, static_cast<double>(i) / edge, static_cast<double>(count - i) / edge});
    const double wave = note.hertz == 0 ? 0.0 : std::sin(kTwoPi * note.hertz * i / kSampleRate);
    out.push_back(static_cast<std::int16_t>(std::lround(wave * ramp * loudness * 28'000.0)));
  }
}

}  // namespace

std::vector<std::int16_t> render_tone(std::string_view name, std::int64_t volume) {
  if (name == "stop") volume = std::max<std::int64_t>(volume, 50);
  const double loudness = static_cast<double>(std::clamp<std::int64_t>(volume, 0, 100)) / 100.0;
  std::vector<std::int16_t> out;
  for (const auto& note : notes_of(name)) add(note, loudness, out);
  return out;
}

}  // namespace dockline::agent::panel
