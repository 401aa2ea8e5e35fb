// Projection tables of counts and count tasks: what server/stock/counts keeps in memory for one
// shelf, for all of them. Written by the projector alone. Errors are sticky (query.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/store/query.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::store {

using domain::Quantity;

// When something was done, by the hybrid logical clock of whoever recorded it.
struct CountMoment {
  std::int64_t hlc = 0;
  std::string_view source;
};
struct CountTask {
  std::string task, sku, site, station, bin, why;
  std::int64_t asked_ms = 0;
  std::string state;  // open, counted, dropped
};

class CountBook {
 public:
  CountBook(sqlite::Db& db, Trouble& trouble);

  struct Place {
    std::int64_t hlc = 0;  // of the newest count that counts; 0: none
    std::string source;
    std::int64_t open = 0;      // tasks
    std::int64_t said_hlc = 0;  // of that count by its own station, if it was taken as later
  };
  // Nothing: never counted, and nobody asked.
  [[nodiscard]] std::optional<Place> place(std::string_view sku, std::string_view site);

  // A task that is there already stays as it is.
  void ask(std::int64_t position, std::int64_t at_ms, const wire::CountAsked& data);
  [[nodiscard]] std::optional<CountTask> task(std::string_view id);
  [[nodiscard]] std::optional<CountTask> open_task(std::string_view sku, std::string_view site);
  // The last open one of a shelf also ends the trace of what moved there.
  void end(const CountTask& task, std::string_view state, std::int64_t at_ms);
  // Open for longer than since `at_ms`, the oldest first.
  [[nodiscard]] std::vector<CountTask> stale(std::int64_t at_ms, std::int64_t limit);
  // Open ones of a station, the oldest first.
  [[nodiscard]] std::vector<CountTask> open_of(std::string_view site, std::string_view station,
                                               std::int64_t limit);
  // Asked of a station since `at_ms`.
  [[nodiscard]] std::int64_t asked_since(std::string_view site, std::string_view station,
                                         std::int64_t at_ms);

  void trace(std::string_view sku, std::string_view site, const CountMoment& at,
             std::int64_t position, std::int64_t n, Quantity change);
  // Movements and counts' differences known so far that are later than the moment.
  [[nodiscard]] Quantity changed_after(std::string_view sku, std::string_view site,
                                       const CountMoment& at);
  // The position of the earliest count later than the moment.
  [[nodiscard]] std::optional<std::int64_t> next_after(std::string_view sku, std::string_view site,
                                                       const CountMoment& at);
  void correct(std::int64_t position, Quantity by);
  struct Row {
    std::int64_t position = 0, at_ms = 0;
    Quantity difference = 0;
    bool counts = true;
    std::int64_t said_hlc = 0;  // as in Place
    bool one_bin = false;       // of several: nothing later corrects it
  };
  [[nodiscard]] std::optional<Row> row(std::int64_t position);
  void put(const Row& row, const CountMoment& at, const wire::StockCounted& data);

 private:
  void put_place(std::string_view sku, std::string_view site, const Place& place);

  Query place_, put_place_, ask_, task_, open_task_, end_, drop_trace_, stale_, open_of_,
      asked_since_, trace_, traced_, differences_, next_, correct_, row_, put_;
};

}  // namespace dockline::server::store
