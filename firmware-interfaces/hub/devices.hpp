// Private to firmware-interfaces/hub: one configured device each, with its stream and its timer.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "firmware-interfaces/contract/printer.hpp"
#include "firmware-interfaces/hub/device_hub.hpp"
#include "firmware-interfaces/printing/print_session.hpp"
#include "firmware-interfaces/supervisor/supervisor.hpp"

namespace dockline::firmware {

// Keeps the stream connected and one timer armed for the earliest deadline.
class Connection : public ports::ByteStreamEvents {
 public:
  Connection(ports::Timers& timers, std::unique_ptr<ports::ByteStream> stream);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();

  void on_open() final;
  void on_bytes(std::string_view bytes) final;
  void on_closed(const base::Error& why) final;

 protected:
  virtual void opened(base::Instant now) = 0;
  virtual void bytes(base::Instant now, std::string_view data) = 0;
  virtual void closed(base::Instant now, const std::string& why) = 0;
  virtual void tick(base::Instant now) = 0;
  [[nodiscard]] virtual std::optional<std::int64_t> deadline_ms() const = 0;

  void act(Supervisor::Action action);
  void arm();
  void fault(std::string_view why);  // close, and open again later; no closed() call

  ports::Timers& timers_;
  std::unique_ptr<ports::ByteStream> stream_;
  Supervisor supervisor_;

 private:
  void on_timer();

  std::optional<ports::TimerId> timer_;
  std::int64_t armed_ms_ = 0;
};

class ScannerDevice final : public Connection {
 public:
  ScannerDevice(ports::Timers& timers, std::unique_ptr<ports::ByteStream> stream, std::string name,
                std::unique_ptr<ScannerCodec> codec, const HubEvents& events);

 protected:
  void opened(base::Instant now) override;
  void bytes(base::Instant now, std::string_view data) override;
  void closed(base::Instant now, const std::string& why) override;
  void tick(base::Instant now) override;
  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const override;

 private:
  void deliver(std::vector<ScannerEvent> scans);
  void show(DeviceState state, const std::string& detail);

  std::string name_;
  std::unique_ptr<ScannerCodec> codec_;
  const HubEvents& events_;
  DeviceReport shown_;
};

class PrinterDevice final : public Connection {
 public:
  PrinterDevice(ports::Timers& timers, std::unique_ptr<ports::ByteStream> stream, std::string name,
                std::unique_ptr<PrinterCodec> codec, const HubEvents& events);

  // Runs `input` on the session, then does what it wants.
  template <class Input>
  void with_session(Input input) {
    SessionEffects out;
    input(session_, timers_.now(), out);
    apply(std::move(out));
  }

 protected:
  void opened(base::Instant now) override;
  void bytes(base::Instant now, std::string_view data) override;
  void closed(base::Instant now, const std::string& why) override;
  void tick(base::Instant now) override;
  [[nodiscard]] std::optional<std::int64_t> deadline_ms() const override;

 private:
  void apply(SessionEffects out);

  std::unique_ptr<PrinterCodec> codec_;
  PrintSession session_;
  const HubEvents& events_;
};

}  // namespace dockline::firmware
