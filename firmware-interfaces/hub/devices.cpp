#include "firmware-interfaces/hub/devices.hpp"

#include <algorithm>
#include <utility>

namespace dockline::firmware {

Connection::Connection(ports::Timers& timers, std::unique_ptr<ports::ByteStream> stream)
    : timers_(timers), stream_(std::move(stream)) {}

Connection::~Connection() {
  if (timer_) {
    timers_.cancel(*timer_);
  }
  stream_->close();
}

void Connection::start() {
  act(supervisor_.start(timers_.now()));
  arm();
}

void Connection::act(Supervisor::Action action) {
  switch (action) {
    case Supervisor::Action::none:
      return;
    case Supervisor::Action::open:
      stream_->open(*this);
      return;
    case Supervisor::Action::close:
      stream_->close();
      return;
  }
}

void Connection::arm() {
  auto due = supervisor_.deadline_ms();
  if (const auto own = deadline_ms()) {
    due = std::min(due.value_or(*own), *own);
  }
  if (timer_ && due == armed_ms_) {
    return;
  }
  if (timer_) {
    timers_.cancel(*timer_);
    timer_.reset();
  }
  if (due) {
    armed_ms_ = *due;
    const auto delay = std::max<std::int64_t>(*due - timers_.now().mono_ms, 0);
    timer_ = timers_.after(delay, [this] { on_timer(); });
  }
}

void Connection::on_timer() {
  timer_.reset();
  const auto now = timers_.now();
  const auto before = supervisor_.state();
  act(supervisor_.tick(now));
  if (before == Supervisor::State::opening && supervisor_.state() == Supervisor::State::absent) {
    closed(now, supervisor_.why());  // it took too long
  }
  tick(now);
  arm();
}

void Connection::fault(std::string_view why) { act(supervisor_.fault(timers_.now(), why)); }

void Connection::on_open() {
  const auto now = timers_.now();
  act(supervisor_.opened(now));
  opened(now);
  arm();
}

void Connection::on_bytes(std::string_view data) {
  bytes(timers_.now(), data);
  arm();
}

void Connection::on_closed(const base::Error& why) {
  const auto now = timers_.now();
  act(supervisor_.closed(now, why.detail));
  closed(now, why.detail);
  arm();
}

ScannerDevice::ScannerDevice(ports::Timers& timers, std::unique_ptr<ports::ByteStream> stream,
                             std::string name, std::unique_ptr<ScannerCodec> codec,
                             const HubEvents& events)
    : Connection(timers, std::move(stream)),
      name_(std::move(name)),
      codec_(std::move(codec)),
      events_(events),
      shown_{name_, DeviceKind::scanner, DeviceState::unknown, {}} {}

void ScannerDevice::opened(base::Instant /*now*/) {
  codec_->reset();
  show(DeviceState::ready, {});
}

void ScannerDevice::bytes(base::Instant now, std::string_view data) {
  std::vector<ScannerEvent> scans;
  codec_->feed(now, data, scans);
  deliver(std::move(scans));
}

void ScannerDevice::closed(base::Instant /*now*/, const std::string& why) {
  codec_->reset();
  show(DeviceState::gone, why);
}

void ScannerDevice::tick(base::Instant now) {
  std::vector<ScannerEvent> scans;
  codec_->tick(now, scans);
  deliver(std::move(scans));
}

std::optional<std::int64_t> ScannerDevice::deadline_ms() const { return codec_->deadline_ms(); }

void ScannerDevice::deliver(std::vector<ScannerEvent> scans) {
  for (auto& event : scans) {
    if (auto* scan = std::get_if<Scan>(&event)) {
      events_.on_scan(ScanReport{name_, std::move(scan->data), std::move(scan->symbology)});
    } else {
      auto& refused = std::get<ScanRefused>(event);
      events_.on_scan_refused(
          ScanRefusedReport{name_, std::move(refused.reason), std::move(refused.head)});
    }
  }
}

void ScannerDevice::show(DeviceState state, const std::string& detail) {
  const DeviceReport now{name_, DeviceKind::scanner, state, detail};
  if (now != shown_) {
    shown_ = now;
    events_.on_device(now);
  }
}

PrinterDevice::PrinterDevice(ports::Timers& timers, std::unique_ptr<ports::ByteStream> stream,
                             std::string name, std::unique_ptr<PrinterCodec> codec,
                             const HubEvents& events)
    : Connection(timers, std::move(stream)),
      codec_(std::move(codec)),
      session_(std::move(name), *codec_),
      events_(events) {}

void PrinterDevice::opened(base::Instant /*now*/) {
  with_session([](PrintSession& s, base::Instant now, SessionEffects& out) { s.opened(now, out); });
}

void PrinterDevice::bytes(base::Instant /*now*/, std::string_view data) {
  with_session(
      [data](PrintSession& s, base::Instant now, SessionEffects& out) { s.bytes(now, data, out); });
}

void PrinterDevice::closed(base::Instant /*now*/, const std::string& why) {
  with_session(
      [&why](PrintSession& s, base::Instant now, SessionEffects& out) { s.closed(now, why, out); });
}

void PrinterDevice::tick(base::Instant /*now*/) {
  with_session([this](PrintSession& s, base::Instant now, SessionEffects& out) {
    s.tick(now, stream_->unsent(), out);
  });
}

std::optional<std::int64_t> PrinterDevice::deadline_ms() const { return session_.deadline_ms(); }

void PrinterDevice::apply(SessionEffects out) {
  if (out.reconnect) {
    fault(*out.reconnect);
  } else if (!out.write.empty()) {
    if (const auto written = stream_->write(std::move(out.write)); !written) {
      // The queue is full or the stream is closing: what was not queued did not leave.
      const auto why = written.error().detail;
      fault(why);
      SessionEffects more;
      session_.closed(timers_.now(), why, more);
      std::ranges::move(more.reports, std::back_inserter(out.reports));
    }
  }
  for (auto& report : out.reports) {
    if (auto* device = std::get_if<DeviceReport>(&report)) {
      events_.on_device(std::move(*device));
    } else {
      events_.on_print(std::move(std::get<PrintReport>(report)));
    }
  }
  arm();
}

}  // namespace dockline::firmware
