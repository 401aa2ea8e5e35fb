// Preloaded in one test run only: a pseudo-terminal has no modem lines, and libserialport insists
// on them. With this in front it opens one like a real port.
#include <cerrno>
#include <cstdarg>

#include <dlfcn.h>
#include <sys/ioctl.h>

extern "C" int ioctl(int fd, unsigned long request, ...) noexcept {
  using Real = int (*)(int, unsigned long, void*);
  static const auto real = reinterpret_cast<Real>(dlsym(RTLD_NEXT, "ioctl"));
  va_list list;
  va_start(list, request);
  void* argument = va_arg(list, void*);
  va_end(list);
  const int result = real(fd, request, argument);
  if (result < 0 && errno == ENOTTY) {
    switch (request) {
      case TIOCMGET:
        *static_cast<int*>(argument) = TIOCM_CTS | TIOCM_DSR | TIOCM_CAR;
        return 0;
      case TIOCMSET:
      case TIOCMBIS:
      case TIOCMBIC:
        return 0;
      default:
        break;
    }
  }
  return result;
}
