// Command barcodes of the printed sheet (UI.md section 4): `DLK`, two letters, one check letter.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace dockline::agent::station {

enum class Command {
  confirm,
  no,
  other,
  undo,
  qty,
  reprint,
  short_piece,
  hold,
  problem,
  help,
  count
};
// Other workflows and signing out: understood, not part of this program yet.
struct Workflow {
  std::string_view name;
};
struct Digit {
  int value = 0;
};
using SheetCode = std::variant<Command, Digit, Workflow>;

// The word on the sheet, "CONFIRM".
[[nodiscard]] std::string_view name(Command command);
[[nodiscard]] std::optional<Command> command_named(std::string_view word);

// Nothing when it is no command barcode or its check letter is wrong. Case is ignored.
[[nodiscard]] std::optional<SheetCode> parse_sheet_code(std::string_view code);
// True for anything that begins like a command barcode: a damaged one must not count as an item.
[[nodiscard]] bool looks_like_command(std::string_view code);
// The code to print for a word of the sheet ("UNDO", "7"): DLKUNC. Empty for an unknown word.
[[nodiscard]] std::string sheet_code(std::string_view word);

}  // namespace dockline::agent::station
