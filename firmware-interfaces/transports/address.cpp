#include "firmware-interfaces/transports/address.hpp"

#include <charconv>
#include <optional>

#include <boost/url.hpp>

namespace dockline::firmware {
namespace {

using base::fail;
using base::Fault;

std::unexpected<base::Error> refuse(std::string_view text, std::string_view why) {
  return fail(Fault::reject, "address \"" + std::string(text) + "\": " + std::string(why));
}

std::optional<int> number(std::string_view text, int base, int min, int max) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size() || value < min || value > max) {
    return std::nullopt;
  }
  return value;
}

base::Result<Address> read_options(std::string_view text, const boost::urls::url_view& url,
                                   SerialAddress out) {
  for (const auto& param : url.params()) {
    const std::string value(param.value);
    std::optional<int> n;
    if (param.key == "baud" && (n = number(value, 10, 50, 4'000'000))) {
      out.baud = *n;
    } else if (param.key == "bits" && (n = number(value, 10, 7, 8))) {
      out.bits = *n;
    } else if (param.key == "stop" && (n = number(value, 10, 1, 2))) {
      out.stop = *n;
    } else if (param.key == "parity" && (value == "none" || value == "even" || value == "odd")) {
      out.parity = value == "none" ? Parity::none : value == "even" ? Parity::even : Parity::odd;
    } else {
      return refuse(text, "\"" + std::string(param.key) + "=" + value +
                              "\" is not understood: use baud=9600, bits=7 or 8, parity=none, "
                              "even or odd, stop=1 or 2");
    }
  }
  return out;
}

// serial://usb/05e0:1701/SC0001
base::Result<Address> read_usb(std::string_view text, const boost::urls::url_view& url) {
  constexpr std::string_view kExample =
      "write serial://usb/05e0:1701 or serial://usb/05e0:1701/"
      "SERIAL (hexadecimal vendor and product number)";
  const auto segments = url.segments();
  if (segments.empty() || segments.size() > 2) {
    return refuse(text, kExample);
  }
  const std::string id = *segments.begin();
  const auto colon = id.find(':');
  if (colon == std::string::npos) {
    return refuse(text, kExample);
  }
  const std::string_view ids = id;
  const auto vendor = number(ids.substr(0, colon), 16, 0, 0xffff);
  const auto product = number(ids.substr(colon + 1), 16, 0, 0xffff);
  if (!vendor || !product) {
    return refuse(text, kExample);
  }
  SerialAddress out;
  out.usb_vendor = *vendor;
  out.usb_product = *product;
  if (segments.size() == 2) {
    out.usb_serial = *std::next(segments.begin());
  }
  return read_options(text, url, std::move(out));
}

}  // namespace

base::Result<Address> parse_address(std::string_view text) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) {
    return refuse(text, "write serial:///dev/ttyACM0?baud=9600, tcp://host:9100 or pty:///path");
  }
  const auto& url = *parsed;
  const std::string path = url.path();
  if (url.scheme() == "tcp") {
    if (url.host().empty() || url.port_number() == 0 || path.size() > 1) {
      return refuse(text, "write tcp://host:port, for example tcp://192.168.1.20:9100");
    }
    return TcpAddress{url.host_address(), std::string(url.port())};
  }
  if (url.scheme() == "pty") {
    if (path.size() < 2 || !url.host().empty()) {
      return refuse(text, "write pty:///path with three slashes");
    }
    return PtyAddress{path};
  }
  if (url.scheme() == "serial") {
    if (url.host() == "usb") {
      return read_usb(text, url);
    }
    if (path.size() < 2 || !url.host().empty()) {
      return refuse(text, "write serial:///dev/ttyACM0 with three slashes");
    }
    SerialAddress out;
    out.path = path;
    return read_options(text, url, std::move(out));
  }
  return refuse(text, "\"" + std::string(url.scheme()) + "\" is not known: use serial, tcp or pty");
}

}  // namespace dockline::firmware
