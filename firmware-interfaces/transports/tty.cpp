#include "firmware-interfaces/transports/tty.hpp"

#include <cerrno>
#include <memory>
#include <system_error>

#include <fcntl.h>
#include <libserialport.h>
#include <sys/file.h>
#include <termios.h>
#include <unistd.h>

namespace dockline::firmware {
namespace {

using base::fail;
using base::Fault;

std::string reason(int error) { return std::generic_category().message(error); }

std::unexpected<base::Error> no_device(const std::string& path, int error) {
  const std::string remedy = error == ENOENT   ? ": plug it in or mend its address"
                             : error == EACCES ? ": give this user the group dialout"
                                               : "";
  return fail(Fault::retry_later, path + ": " + reason(error) + remedy);
}

// One opener per line; the lock goes with the descriptor. TIOCEXCL would not stop root.
base::Status lock(int fd, const std::string& path) {
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    return fail(Fault::conflict, path + ": in use by another program: stop it");
  }
  return {};
}

// Raw bytes, and a read waits for the first one: with VMIN=0 an empty line looks like end of file.
bool make_raw(int fd) {
  termios t{};
  if (::tcgetattr(fd, &t) != 0) {
    return false;
  }
  ::cfmakeraw(&t);
  t.c_cflag |= CLOCAL | CREAD;
  t.c_cc[VMIN] = 1;
  t.c_cc[VTIME] = 0;
  return ::tcsetattr(fd, TCSANOW, &t) == 0;
}

base::Result<Tty> open_raw(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) {
    return no_device(path, errno);
  }
  if (!make_raw(fd)) {
    ::close(fd);
    return fail(Fault::reject, path + ": not a terminal: mend its address");
  }
  if (auto locked = lock(fd, path); !locked) {
    ::close(fd);
    return base::pass(locked.error());
  }
  return Tty{fd, {}};
}

struct PortDeleter {
  void operator()(sp_port* port) const { sp_free_port(port); }
};
using Port = std::unique_ptr<sp_port, PortDeleter>;

// The port of a USB identity, wherever it is plugged in. ttyACMn is a place in a queue, no
// identity.
base::Result<std::string> find_usb(const SerialAddress& address) {
  sp_port** list = nullptr;
  if (sp_list_ports(&list) != SP_OK) {
    return fail(Fault::retry_later, "serial ports cannot be listed");
  }
  std::string path;
  for (int i = 0; list[i] != nullptr && path.empty(); ++i) {
    int vendor = 0, product = 0;
    const char* serial = sp_get_port_usb_serial(list[i]);
    if (sp_get_port_usb_vid_pid(list[i], &vendor, &product) == SP_OK &&
        vendor == address.usb_vendor && product == address.usb_product &&
        (address.usb_serial.empty() || (serial != nullptr && address.usb_serial == serial))) {
      path = sp_get_port_name(list[i]);
    }
  }
  sp_free_port_list(list);
  if (path.empty()) {
    return fail(Fault::retry_later,
                "no serial port of this USB identity: plug the device in or mend its address");
  }
  return path;
}

bool configure(sp_port* port, const SerialAddress& a) {
  const auto parity = a.parity == Parity::none   ? SP_PARITY_NONE
                      : a.parity == Parity::even ? SP_PARITY_EVEN
                                                 : SP_PARITY_ODD;
  return sp_set_baudrate(port, a.baud) == SP_OK && sp_set_bits(port, a.bits) == SP_OK &&
         sp_set_parity(port, parity) == SP_OK && sp_set_stopbits(port, a.stop) == SP_OK &&
         sp_set_flowcontrol(port, SP_FLOWCONTROL_NONE) == SP_OK;
}

base::Result<Tty> hand_over(Port port, const std::string& path) {
  int owned = -1;
  if (sp_get_port_handle(port.get(), &owned) != SP_OK || !make_raw(owned)) {
    sp_close(port.get());
    return no_device(path, errno);
  }
  const int fd = ::fcntl(owned, F_DUPFD_CLOEXEC, 0);  // libserialport keeps its own
  if (fd < 0) {
    const int error = errno;
    sp_close(port.get());
    return no_device(path, error);
  }
  if (auto locked = lock(fd, path); !locked) {
    ::close(fd);
    sp_close(port.get());
    return base::pass(locked.error());
  }
  std::shared_ptr<sp_port> shared = std::move(port);
  return Tty{fd, [shared] { sp_close(shared.get()); }};
}

}  // namespace

base::Result<Tty> open_pty(const PtyAddress& address) { return open_raw(address.path); }

base::Result<Tty> open_serial(const SerialAddress& address) {
  std::string path = address.path;
  if (path.empty()) {
    auto found = find_usb(address);
    if (!found) {
      return base::pass(found.error());
    }
    path = std::move(*found);
  }
  sp_port* raw = nullptr;
  if (const auto got = sp_get_port_by_name(path.c_str(), &raw); got != SP_OK) {
    // It only knows what /sys/class/tty knows: a pseudo-terminal or a bridge is opened raw.
    return open_raw(path);
  }
  Port port(raw);
  if (sp_open(port.get(), SP_MODE_READ_WRITE) != SP_OK) {
    const int error = sp_last_error_code();
    return error == ENOTTY ? open_raw(path) : no_device(path, error);  // ENOTTY: no modem lines
  }
  if (!configure(port.get(), address)) {
    const int error = sp_last_error_code();
    sp_close(port.get());
    return fail(Fault::reject, path + ": its settings are refused (" + reason(error) +
                                   "): mend baud, bits, parity or stop in its address");
  }
  return hand_over(std::move(port), path);
}

}  // namespace dockline::firmware
