// Plays the station's sounds through ALSA. Never blocks the lane: the device is non-blocking and
// its buffer holds the longest sound. Without a device the station works on, silent, and says so.
//
// Thread rule: the lane.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace dockline::agent::panel {

struct SpeakerSettings {
  bool off = false;
  std::string device = "default";  // an ALSA name
  std::int64_t volume = 80;
};

class Speaker {
 public:
  explicit Speaker(SpeakerSettings settings);
  ~Speaker();
  Speaker(const Speaker&) = delete;
  Speaker& operator=(const Speaker&) = delete;

  // Opens the device, so that its absence is known before the first sound.
  void open(std::int64_t mono_ms);
  // A running sound is cut off: the newest answer counts. `mono_ms` spaces the tries to open an
  // absent device.
  void play(std::string_view name, std::int64_t mono_ms);
  [[nodiscard]] bool silent() const;  // switched off, or no device
  [[nodiscard]] const std::string& why() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::agent::panel
