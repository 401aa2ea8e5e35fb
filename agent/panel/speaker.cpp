#include "agent/panel/speaker.hpp"

#include <alsa/asoundlib.h>

#include "agent/panel/tones.hpp"

namespace dockline::agent::panel {
namespace {

constexpr unsigned kBufferUs = 2'000'000;  // longer than the longest sound
constexpr std::int64_t kRetryOpenMs = 30'000;

// ALSA prints to stderr whatever it does not like; the state "sound off" says it better.
void quiet(const char*, int, const char*, int, const char*, ...) {}

}  // namespace

struct Speaker::Impl {
  SpeakerSettings settings;
  snd_pcm_t* pcm = nullptr;
  std::int64_t next_open_ms = INT64_MIN;
  std::string why;

  void close() {
    if (pcm != nullptr) snd_pcm_close(pcm);
    pcm = nullptr;
  }

  void open(std::int64_t mono_ms) {
    next_open_ms = mono_ms + kRetryOpenMs;
    int code =
        snd_pcm_open(&pcm, settings.device.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (code == 0) {
      code = snd_pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_RW_INTERLEAVED, 1,
                                kSampleRate, 1, kBufferUs);
      if (code < 0) close();
    } else {
      pcm = nullptr;
    }
    why = code < 0 ? "sound device " + settings.device + ": " + snd_strerror(code) : std::string();
  }
};

Speaker::Speaker(SpeakerSettings settings) : impl_(std::make_unique<Impl>()) {
  impl_->settings = std::move(settings);
  snd_lib_error_set_handler(quiet);
  if (impl_->settings.off) impl_->why = "switched off (sound.off)";
}

Speaker::~Speaker() {
  impl_->close();
  snd_config_update_free_global();
}

void Speaker::open(std::int64_t mono_ms) {
  if (!impl_->settings.off && impl_->pcm == nullptr) impl_->open(mono_ms);
}

void Speaker::play(std::string_view name, std::int64_t mono_ms) {
  auto& s = *impl_;
  if (s.settings.off) return;
  const auto samples = render_tone(name, s.settings.volume);
  if (samples.empty()) return;
  if (s.pcm == nullptr) {
    if (mono_ms < s.next_open_ms) return;
    s.open(mono_ms);
    if (s.pcm == nullptr) return;
  }
  snd_pcm_drop(s.pcm);
  int code = snd_pcm_prepare(s.pcm);
  if (code == 0) {
    const auto written = snd_pcm_writei(s.pcm, samples.data(), samples.size());
    code = written < 0 ? static_cast<int>(written) : snd_pcm_start(s.pcm);
  }
  if (code < 0) {  // unplugged: try to open it again later
    s.why = "sound device " + s.settings.device + ": " + snd_strerror(code);
    s.close();
  }
}

bool Speaker::silent() const { return !impl_->why.empty(); }
const std::string& Speaker::why() const { return impl_->why; }

}  // namespace dockline::agent::panel
