// The station page's server on loopback: files, state by WebSocket, /health and /metrics.
//
// It shows and hands on, it decides nothing: the state is asked from the owner, what the page sends
// is handed to the owner. Slow pages get the newest state only; a dead one costs one connection
// until it times out.
//
// Thread rule: the lane. Failures: start() names address, configuration key and remedy.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "agent/panel/command.hpp"
#include "shared/base/result.hpp"
#include "shared/runtime/lane.hpp"

namespace dockline::agent::panel {

struct PanelOwner {
  std::function<std::string()> view;     // VIEW.md, one JSON text
  std::function<std::string()> health;   // JSON
  std::function<std::string()> metrics;  // Prometheus text
  std::function<void(FromPage)> on_page;
};

class Panel {
 public:
  // port 0: any free one.
  [[nodiscard]] static base::Result<std::unique_ptr<Panel>> start(runtime::Lane& lane,
                                                                  const std::string& host,
                                                                  std::uint16_t port,
                                                                  PanelOwner owner);
  ~Panel();
  Panel(const Panel&) = delete;
  Panel& operator=(const Panel&) = delete;

  // There is something new to draw: sent once the lane is free, however often it is called.
  void changed();
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t pages() const;

  struct Impl;  // of panel.cpp

 private:
  explicit Panel(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace dockline::agent::panel
