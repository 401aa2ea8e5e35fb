// A station's end of a snapshot for tests and rigs: staged in memory, and its lines, but for the
// first, given to the FactSink as facts. For a sink whose facts set state, nothing else is needed.
#pragma once

#include <string>
#include <utility>

#include "shared/sync/receiver_store.hpp"
#include "shared/sync/snapshot.hpp"

namespace dockline::sync::testing {

class MemorySnapshots final : public SnapshotSink {
 public:
  explicit MemorySnapshots(FactSink& sink) : sink_(&sink) {}

  [[nodiscard]] base::Result<Stage> load() override { return stage_; }
  [[nodiscard]] base::Status stage(const Stage& stage, std::string_view piece) override {
    if (stage.parts == 1) bytes_.clear();
    stage_ = stage;
    bytes_ += piece;
    return {};
  }
  [[nodiscard]] base::Result<bool> swap(base::Instant now) override {
    const std::string all = std::exchange(bytes_, {});
    stage_ = {};
    ++swapped;
    std::string_view rest = all;
    for (bool first = true; !rest.empty(); first = false) {
      const auto end = rest.find('\n');
      if (!first) {
        auto done = sink_->apply(now, {rest.substr(0, end), "", 0});
        if (!done) return base::pass(done.error());
      }
      rest.remove_prefix(end + 1);
    }
    return true;
  }
  [[nodiscard]] base::Status clear() override {
    bytes_.clear();
    stage_ = {};
    return {};
  }

  int swapped = 0;

 private:
  FactSink* sink_;
  Stage stage_;
  std::string bytes_;
};

}  // namespace dockline::sync::testing
