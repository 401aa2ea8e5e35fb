#include "agent/panel/speaker.hpp"

#include <alsa/asoundlib.h>
#include <dlfcn.h>

#include "agent/panel/tones.hpp"

namespace dockline::agent::panel {
namespace {

constexpr unsigned kBufferUs = 2'000'000;  // longer than the longest sound
constexpr std::int64_t kRetryOpenMs = 30'000;

// ALSA prints to stderr whatever it does not like; the state "sound off" says it better.
void quiet(const char*, int, const char*, int, const char*, ...) {}

// Debian's libasound, in memory only while a device is open: a bench without a loudspeaker is
// spared its half MiB.
class Alsa {
 public:
  Alsa() = default;
  Alsa(const Alsa&) = delete;
  Alsa& operator=(const Alsa&) = delete;
  ~Alsa() { unload(); }

  // Why it cannot be used; empty: it can.
  std::string load() {
    if (library_ != nullptr) return {};
    library_ = dlopen("libasound.so.2", RTLD_LAZY | RTLD_LOCAL);
    if (library_ == nullptr) return dlerror();
    const bool whole = find(pcm_open, "snd_pcm_open") && find(pcm_close, "snd_pcm_close") &&
                       find(pcm_set_params, "snd_pcm_set_params") &&
                       find(pcm_drop, "snd_pcm_drop") && find(pcm_prepare, "snd_pcm_prepare") &&
                       find(pcm_writei, "snd_pcm_writei") && find(pcm_start, "snd_pcm_start") &&
                       find(strerror, "snd_strerror") &&
                       find(set_error_handler_, "snd_lib_error_set_handler") &&
                       find(free_config_, "snd_config_update_free_global");
    if (whole) {
      set_error_handler_(quiet);
      return {};
    }
    dlclose(library_);
    library_ = nullptr;
    return "libasound.so.2 lacks a function";
  }
  void unload() {
    if (library_ == nullptr) return;
    free_config_();
    dlclose(library_);
    library_ = nullptr;
  }

  decltype(&::snd_pcm_open) pcm_open = nullptr;
  decltype(&::snd_pcm_close) pcm_close = nullptr;
  decltype(&::snd_pcm_set_params) pcm_set_params = nullptr;
  decltype(&::snd_pcm_drop) pcm_drop = nullptr;
  decltype(&::snd_pcm_prepare) pcm_prepare = nullptr;
  decltype(&::snd_pcm_writei) pcm_writei = nullptr;
  decltype(&::snd_pcm_start) pcm_start = nullptr;
  decltype(&::snd_strerror) strerror = nullptr;

 private:
  template <class F>
  bool find(F& function, const char* name) {
    function = reinterpret_cast<F>(dlsym(library_, name));
    return function != nullptr;
  }

  void* library_ = nullptr;
  decltype(&::snd_lib_error_set_handler) set_error_handler_ = nullptr;
  decltype(&::snd_config_update_free_global) free_config_ = nullptr;
};

}  // namespace

struct Speaker::Impl {
  SpeakerSettings settings;
  Alsa alsa;
  snd_pcm_t* pcm = nullptr;
  std::int64_t next_open_ms = INT64_MIN;
  std::string why;

  void close() {
    if (pcm != nullptr) alsa.pcm_close(pcm);
    pcm = nullptr;
    alsa.unload();
  }

  void fails(int code) {
    why = "sound device " + settings.device + ": " + alsa.strerror(code);
    close();
  }

  void open(std::int64_t mono_ms) {
    next_open_ms = mono_ms + kRetryOpenMs;
    why = alsa.load();
    if (!why.empty()) return;
    int code =
        alsa.pcm_open(&pcm, settings.device.c_str(), SND_PCM_STREAM_PLAYBACK, SND_PCM_NONBLOCK);
    if (code < 0) {
      pcm = nullptr;
      return fails(code);
    }
    code = alsa.pcm_set_params(pcm, SND_PCM_FORMAT_S16_LE, SND_PCM_ACCESS_RW_INTERLEAVED, 1,
                               kSampleRate, 1, kBufferUs);
    if (code < 0) fails(code);
  }
};

Speaker::Speaker(SpeakerSettings settings) : impl_(std::make_unique<Impl>()) {
  impl_->settings = std::move(settings);
  if (impl_->settings.off) impl_->why = "switched off (sound.off)";
}

Speaker::~Speaker() { impl_->close(); }

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
  s.alsa.pcm_drop(s.pcm);
  int code = s.alsa.pcm_prepare(s.pcm);
  if (code == 0) {
    const auto written = s.alsa.pcm_writei(s.pcm, samples.data(), samples.size());
    code = written < 0 ? static_cast<int>(written) : s.alsa.pcm_start(s.pcm);
  }
  if (code < 0) s.fails(code);  // unplugged: try to open it again later
}

bool Speaker::silent() const { return !impl_->why.empty(); }
const std::string& Speaker::why() const { return impl_->why; }

}  // namespace dockline::agent::panel
