// What a station remembers from scan to scan, as plain values: one row in the store saves it in
// each turn, loading that row is the whole restart.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::agent::station {

// Named values for a sentence of the page; numbers stay numbers.
using Value = std::variant<std::int64_t, std::string>;
using Params = std::vector<std::pair<std::string, Value>>;

enum class Tone { next, ok, wait, ask, stop };

// A sentence of the page by its id (UI.md section 5) with its values.
struct Banner {
  std::string id;  // empty: none
  Params p;
  friend bool operator==(const Banner&, const Banner&) = default;
};

// Pieces of one line, packed or noted missing. The SKU is kept with them: the order may lose the
// line while its pieces lie in the box.
struct Count {
  std::int64_t line = 0;
  domain::Quantity packed = 0, missing = 0;
  std::string sku{};
  std::vector<domain::LotPieces> lots{};  // of the packed ones, those whose code named a lot
  friend bool operator==(const Count&, const Count&) = default;
};

struct Part {
  std::int64_t line = 0;
  domain::Quantity quantity = 0;
  std::optional<domain::Lot> lot = std::nullopt;
  friend bool operator==(const Part&, const Part&) = default;
};
// One act of the open order that UNDO can take back.
struct UndoStep {
  enum class Kind { opened, counted, shorted, closed, tallied };
  Kind kind = Kind::opened;
  std::int64_t action = 0;  // its entry among the last actions
  std::vector<Part> parts;
  friend bool operator==(const UndoStep&, const UndoStep&) = default;
};

struct Action {
  std::int64_t id = 0;
  std::string kind;  // counted opened closed refused ignored label_scanned shorted ...
  Params p;
  std::int64_t at_ms = 0;
  bool refused = false;
  friend bool operator==(const Action&, const Action&) = default;
};

enum class Phase {
  idle,
  packing,     // order open, pieces wanted
  label,       // all pieces in or missing: the label is printed and scanned
  closed,      // the order just closed; UNDO may open it again
  taking_out,  // cancelled: the box is emptied
  counting,    // no order: the pieces on a shelf are counted, as the office asked
};
enum class Asking { nothing, short_line, other_order, none_there };

struct State {
  Phase phase = Phase::idle;
  std::string order, lease;  // in work; in `closed` the one just closed
  std::vector<Count> counts;
  std::vector<UndoStep> undo;
  Banner moment;  // what the last input did
  Asking asking = Asking::nothing;
  std::string other_lease;  // asked about
  bool quantity_open = false;
  std::string quantity_digits;
  bool help = false;
  bool restarted = false;
  std::int64_t hot_line = 0;  // touched last
  Banner hand;                // wrong item in hand: title, sku, bin; id "pair" when near a line
  std::int64_t near_line = 0;
  std::int64_t cancelled_ms = 0;
  std::string cancel_reason;
  std::vector<Action> actions;  // newest first
  std::int64_t next_action = 1;
  std::int64_t closed_day = 0, closed_today = 0;
  std::string last_label;      // job of the label scanned or printed last, for REPRINT
  std::string task;            // the count under way
  domain::Quantity tally = 0;  // its pieces so far
  std::string sound = "silence";
  std::int64_t sound_seq = 0;
  friend bool operator==(const State&, const State&) = default;
};

// lots.cpp: pieces of a lot into a count and out of it.
void put_lot(Count& count, const domain::Lot& lot, domain::Quantity pieces);
void take_lot(Count& count, const domain::Lot& lot, domain::Quantity pieces);

[[nodiscard]] std::string to_json(const State& state);
// Fault::corrupt when the text is not a state.
[[nodiscard]] base::Result<State> state_from_json(std::string_view text);
// Counts alone, for orders that are held.
[[nodiscard]] std::string counts_to_json(const std::vector<Count>& counts);
[[nodiscard]] base::Result<std::vector<Count>> counts_from_json(std::string_view text);

}  // namespace dockline::agent::station
