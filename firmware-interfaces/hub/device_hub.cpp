#include "firmware-interfaces/hub/device_hub.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "firmware-interfaces/drivers/drivers.hpp"
#include "firmware-interfaces/hub/devices.hpp"

namespace dockline::firmware {
namespace {

using base::fail;
using base::Fault;

template <class Driver>
base::Result<const Driver*> find_driver(std::span<const Driver> drivers,
                                        const std::string& wanted) {
  std::string known;
  for (const auto& driver : drivers) {
    if (driver.name == wanted) {
      return &driver;
    }
    known += (known.empty() ? "" : ", ") + std::string(driver.name);
  }
  return fail(Fault::reject, "driver \"" + wanted + "\" is not known: use " + known);
}

}  // namespace

struct DeviceHub::Impl {
  ports::Timers& timers;
  MakeStream make_stream;
  HubEvents events;
  std::map<std::string, std::unique_ptr<ScannerDevice>, std::less<>> scanners;
  std::map<std::string, std::unique_ptr<PrinterDevice>, std::less<>> printers;

  base::Status check_name(const std::string& name) const {
    if (name.empty()) {
      return fail(Fault::reject, "a device without name: give it one");
    }
    if (scanners.contains(name) || printers.contains(name)) {
      return fail(Fault::reject, "two devices are named \"" + name + "\": rename one");
    }
    return {};
  }
  PrinterDevice* printer(std::string_view name) const {
    const auto it = printers.find(name);
    return it == printers.end() ? nullptr : it->second.get();
  }
  void answer(std::string_view device, std::string_view job, PrintStep step) const {
    events.on_print(PrintReport{std::string(device),
                                std::string(job),
                                step,
                                DeviceState::gone,
                                {},
                                "no printer of this name is configured"});
  }
};

DeviceHub::DeviceHub(ports::Timers& timers, MakeStream make_stream, HubEvents events)
    : impl_(
          std::make_unique<Impl>(Impl{timers, std::move(make_stream), std::move(events), {}, {}})) {
}

DeviceHub::~DeviceHub() = default;

base::Status DeviceHub::add(ScannerConfig config) {
  if (auto named = impl_->check_name(config.name); !named) {
    return named;
  }
  const auto driver = find_driver(scanner_drivers(), config.driver);
  if (!driver) {
    return fail(driver.error(), "scanner \"" + config.name + "\"");
  }
  auto stream = impl_->make_stream(config.address);
  if (!stream) {
    return fail(stream.error(), "scanner \"" + config.name + "\"");
  }
  impl_->scanners[config.name] =
      std::make_unique<ScannerDevice>(impl_->timers, std::move(*stream), config.name,
                                      (*driver)->make(config.settings), impl_->events);
  return {};
}

base::Status DeviceHub::add(PrinterConfig config) {
  if (auto named = impl_->check_name(config.name); !named) {
    return named;
  }
  const auto driver = find_driver(printer_drivers(), config.driver);
  if (!driver) {
    return fail(driver.error(), "printer \"" + config.name + "\"");
  }
  auto stream = impl_->make_stream(config.address);
  if (!stream) {
    return fail(stream.error(), "printer \"" + config.name + "\"");
  }
  impl_->printers[config.name] = std::make_unique<PrinterDevice>(
      impl_->timers, std::move(*stream), config.name, (*driver)->make(), impl_->events);
  return {};
}

void DeviceHub::start() {
  for (const auto& [name, device] : impl_->scanners) {
    impl_->events.on_device({name, DeviceKind::scanner, DeviceState::unknown, "connecting"});
    device->start();
  }
  for (const auto& [name, device] : impl_->printers) {
    impl_->events.on_device({name, DeviceKind::printer, DeviceState::unknown, "connecting"});
    device->start();
  }
}

void DeviceHub::print(std::string_view device, std::string job, std::string bytes) {
  auto* printer = impl_->printer(device);
  if (printer == nullptr) {
    impl_->answer(device, job, PrintStep::refused);
    return;
  }
  printer->with_session([&](PrintSession& s, base::Instant now, SessionEffects& out) {
    s.print(now, std::move(job), std::move(bytes), out);
  });
}

void DeviceHub::send(std::string_view device, std::string_view job) {
  auto* printer = impl_->printer(device);
  if (printer == nullptr) {
    impl_->answer(device, job, PrintStep::not_printed);
    return;
  }
  printer->with_session(
      [&](PrintSession& s, base::Instant now, SessionEffects& out) { s.send(now, job, out); });
}

void DeviceHub::recover(std::string_view device, std::string job, PrinterMark mark) {
  auto* printer = impl_->printer(device);
  if (printer == nullptr) {
    impl_->answer(device, job, PrintStep::uncertain);
    return;
  }
  printer->with_session([&](PrintSession& s, base::Instant now, SessionEffects& out) {
    s.recover(now, std::move(job), std::move(mark), out);
  });
}

void DeviceHub::forget(std::string_view device, std::string_view job) {
  if (auto* printer = impl_->printer(device)) {
    printer->with_session(
        [&](PrintSession& s, base::Instant /*now*/, SessionEffects& /*out*/) { s.forget(job); });
  }
}

}  // namespace dockline::firmware
