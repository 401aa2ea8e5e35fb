// Files being taken in: bounded work per tick, durable progress, a second run changes nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "server/app/core.hpp"
#include "server/imports/plan.hpp"
#include "server/store/own_state.hpp"

namespace dockline::server {

class StockDesk;

class ImportRun {
 public:
  ImportRun(HubCore& core, StockDesk& desk) : core_(core), desk_(desk) {}

  // Answers with the import's id; the work is done by step(). Fault::reject: no kind of ours, too
  // large. Fault::conflict: another import is under way.
  [[nodiscard]] base::Result<std::string> start(const StartImport& command);
  // Some more rows of the import under way.
  [[nodiscard]] base::Status step();
  [[nodiscard]] bool busy();
  // The same, without loading it: for the time between turns.
  [[nodiscard]] bool pending() {
    if (!job_ && !looked_) looked_ = !core_.store->own.running_job().has_value();
    return job_ || !looked_;
  }

 private:
  [[nodiscard]] base::Status load(store::ImportJob job);
  [[nodiscard]] base::Status finish(const std::string& state, const std::string& problem);
  [[nodiscard]] base::Status unit(const imports::Unit& unit);
  [[nodiscard]] base::Status order(const imports::Unit& unit);
  [[nodiscard]] base::Status cancellation(const imports::Unit& unit);
  [[nodiscard]] base::Status adjustment(const imports::Unit& unit);
  [[nodiscard]] base::Status stock(const imports::Unit& unit);
  [[nodiscard]] base::Status entry(const imports::Unit& unit);
  [[nodiscard]] base::Result<std::string> item_entry(const imports::Unit& unit,
                                                     const std::string& site);
  [[nodiscard]] base::Result<std::string> barcode_entry(const imports::Unit& u);
  [[nodiscard]] base::Result<std::string> site_entry(const imports::Unit& u);
  [[nodiscard]] static domain::Item item_of(const imports::Unit& unit,
                                            const std::optional<domain::Item>& known);
  // "4006381333931 4006381333948": several codes for one item.
  [[nodiscard]] static std::vector<domain::Barcode> barcodes_of(const std::string& text);
  void reject(std::int64_t row, const std::string& key, const std::string& why);
  void outcome(std::int64_t row, std::string what, std::string subject, std::string why = {});
  [[nodiscard]] base::Status flush_rows();
  [[nodiscard]] std::string default_site() const;

  HubCore& core_;
  StockDesk& desk_;
  std::optional<store::ImportJob> job_;
  bool looked_ = false;  // for one left by the process before; later ones begin with start()
  imports::Plan plan_;
  std::vector<wire::ImportedRow> rows_;  // of this step, not yet recorded
  std::int64_t raised_ = 0;
};

}  // namespace dockline::server
