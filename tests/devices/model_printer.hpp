// A printer of the imagination: parses what it gets, answers as ZPL printers are documented to, and
// misbehaves on request. No time of its own: print_one() puts one label out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dockline::firmware {

struct ModelPrinter {
  // What it is.
  std::optional<std::string> serial = "SN-1";
  std::optional<std::int64_t> odometer = 4711;
  std::optional<std::int64_t> booted_wall_ms = 0;
  bool answers_values = true, answers_status = true, answers_errors = true;
  bool reads = true;  // false: bytes stay unsent on the other side
  bool paper_out = false, paused = false, head_open = false;
  std::int64_t odometer_step = 1;
  bool automatic = true;  // prints at once when it can

  // What happened.
  std::string half;  // an unfinished format
  std::vector<std::string> waiting, printed;
  std::string unread;
  int cancelled = 0;

  // The bytes it answers to `bytes`.
  std::string take(std::string_view bytes, std::int64_t wall_ms) {
    unread += bytes;
    std::string out;
    while (reads && step(wall_ms, out)) {
    }
    return out;
  }
  void power_cycle(std::int64_t wall_ms) {
    half.clear();
    waiting.clear();
    unread.clear();
    booted_wall_ms = wall_ms;
  }
  bool can_print() const { return !paper_out && !paused && !head_open; }
  void print_one() {
    if (!waiting.empty() && can_print()) {
      printed.push_back(waiting.front());
      waiting.erase(waiting.begin());
      odometer = odometer ? std::optional(*odometer + odometer_step) : odometer;
    }
  }

 private:
  bool eat(std::string_view word) {
    if (!unread.starts_with(word)) {
      return false;
    }
    unread.erase(0, word.size());
    return true;
  }
  static std::string flag(bool on) { return on ? "1" : "0"; }

  bool step(std::int64_t wall_ms, std::string& out) {
    if (unread.empty()) {
      return false;
    }
    if (half.empty()) {
      if (eat("~HS\r\n")) {
        out += answers_status ? status() : "";
      } else if (eat("~HQES\r\n")) {
        out += answers_errors ? errors() : "";
      } else if (eat("~JX\r\n")) {
      } else if (eat("~JA\r\n")) {
        ++cancelled;
        waiting.clear();
      } else if (eat("! U1 getvar \"odometer.total_label_count\"\r\n")) {
        out += value(odometer ? std::to_string(*odometer) : "?");
      } else if (eat("! U1 getvar \"device.unique_id\"\r\n")) {
        out += value(serial.value_or("?"));
      } else if (eat("! U1 getvar \"device.uptime\"\r\n")) {
        out += value(booted_wall_ms ? std::to_string((wall_ms - *booted_wall_ms) / 1000) : "?");
      } else if (eat("^XA")) {
        half = "^XA";
      } else {
        unread.erase(0, 1);
      }
      return true;
    }
    if (eat("~JX\r\n")) {
      half.clear();
    } else if (eat("^XZ")) {
      waiting.push_back(half + "^XZ");
      half.clear();
      if (automatic) {
        print_one();
      }
    } else {
      const auto text = unread.find_first_of("~^", 1);  // up to what may be the next command
      half += unread.substr(0, text);
      unread.erase(0, text);
    }
    return true;
  }
  std::string value(const std::string& text) const {
    return answers_values ? "\"" + text + "\"" : "";
  }
  std::string status() const {
    return "\x02"
           "030," +
           flag(paper_out) + "," + flag(paused) + ",1218,00" + std::to_string(waiting.size()) +
           ",0,0," + flag(!half.empty()) +
           ",000,0,0,0\x03\r\n\x02"
           "001,0," +
           flag(head_open) + ",0,0,2,0,0,0000000" + std::to_string(waiting.size()) +
           ",1,000\x03\r\n\x02"
           "0000,0\x03\r\n";
  }
  std::string errors() const {
    const int bits = (paper_out ? 1 : 0) + (head_open ? 4 : 0);
    return "\x02\r\nPRINTER STATUS\r\n ERRORS:         " + flag(bits != 0) + " 00000000 0000000" +
           std::to_string(bits) + "\r\n WARNINGS:       0 00000000 00000000\r\n\x03";
  }
};

}  // namespace dockline::firmware
