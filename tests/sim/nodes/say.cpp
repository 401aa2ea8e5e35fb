#include "tests/sim/nodes/say.hpp"

#include <type_traits>

#include "firmware-interfaces/contract/device.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::sim {
namespace {

std::string message(std::string_view topic, std::string_view payload) {
  std::string out(topic);
  if (!payload.empty() && payload[0] == '\x28') {
    return out + " packed, " + std::to_string(payload.size()) + " bytes";
  }
  return out + " " + said(payload);
}

}  // namespace

std::string said(std::string_view bytes, std::size_t most) {
  return base::printable(bytes.substr(0, most), most) + (bytes.size() > most ? "..." : "");
}

std::string say(const agent::StationInput& input) {
  return std::visit(
      [](const auto& in) -> std::string {
        using T = std::decay_t<decltype(in)>;
        if constexpr (std::is_same_v<T, agent::LinkUp>) {
          return "link up";
        } else if constexpr (std::is_same_v<T, agent::LinkDown>) {
          return "link down: " + in.why;
        } else if constexpr (std::is_same_v<T, agent::MqttIn>) {
          return message(in.topic, in.payload);
        } else if constexpr (std::is_same_v<T, agent::ScanIn>) {
          return "scan " + said(in.bytes);
        } else if constexpr (std::is_same_v<T, agent::ScanRefusedIn>) {
          return "scan refused: " + in.reason;
        } else if constexpr (std::is_same_v<T, agent::DeviceSeen>) {
          return in.report.device + " is " + std::string(firmware::name(in.report.state)) + " " +
                 in.report.detail;
        } else if constexpr (std::is_same_v<T, agent::PrinterReport>) {
          return "print job " + in.report.job + " " + std::string(firmware::name(in.report.step));
        } else if constexpr (std::is_same_v<T, agent::PageCommand>) {
          return "page command " + in.command;
        } else if constexpr (std::is_same_v<T, agent::PageTyped>) {
          return "typed " + in.text;
        } else if constexpr (std::is_same_v<T, agent::StoreProbe>) {
          return "store probe";
        } else {
          return {};
        }
      },
      input);
}

std::string say(const agent::StationEffect& effect) {
  return std::visit(
      [](const auto& e) -> std::string {
        using T = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<T, agent::Connect>) {
          return "connect as " + e.client_id;
        } else if constexpr (std::is_same_v<T, agent::Publish>) {
          return message(e.topic, e.payload);
        } else if constexpr (std::is_same_v<T, agent::Sound>) {
          return "sound " + e.name;
        } else if constexpr (std::is_same_v<T, agent::Print>) {
          return "print " + e.job + " on " + e.device;
        } else if constexpr (std::is_same_v<T, agent::SendPrint>) {
          return "send print " + e.job;
        } else if constexpr (std::is_same_v<T, agent::RecoverPrint>) {
          return "recover print " + e.job;
        } else if constexpr (std::is_same_v<T, agent::ForgetPrint>) {
          return "forget print " + e.job;
        } else {
          return {};
        }
      },
      effect);
}

std::string say(const server::Input& input) {
  return std::visit(
      [](const auto& in) -> std::string {
        using T = std::decay_t<decltype(in)>;
        if constexpr (std::is_same_v<T, server::LinkUp>) {
          return "link up";
        } else if constexpr (std::is_same_v<T, server::LinkDown>) {
          return "link down: " + in.why;
        } else if constexpr (std::is_same_v<T, server::MqttIn>) {
          return message(in.topic, in.payload);
        } else if constexpr (std::is_same_v<T, server::ChannelResult>) {
          return "answer to request " + std::to_string(in.request) + ": " +
                 (in.answer ? std::to_string(in.answer->status) + " " + said(in.answer->body, 160)
                            : in.answer.error().detail);
        } else {
          return {};
        }
      },
      input);
}

std::string say(const server::Effect& effect) {
  return std::visit(
      [](const auto& e) -> std::string {
        using T = std::decay_t<decltype(e)>;
        if constexpr (std::is_same_v<T, server::Publish>) {
          return message(e.topic, e.payload);
        } else if constexpr (std::is_same_v<T, server::ChannelRequest>) {
          return "request " + std::to_string(e.request) + " " + e.http.method + " " + e.http.url +
                 " " + said(e.http.body);
        } else if constexpr (std::is_same_v<T, server::Reply>) {
          return "reply " + std::to_string(e.reply) + " " + e.id +
                 (e.error ? " refused: " + e.error->detail : "");
        } else {
          return {};
        }
      },
      effect);
}

}  // namespace dockline::sim
