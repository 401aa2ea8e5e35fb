#include "agent/station/command.hpp"

#include <algorithm>

namespace dockline::agent::station {
namespace {

// Letters that sit on the same key of US, UK, German, French and Nordic keyboards. 19, a prime:
// each wrong letter and each swap of neighbours changes the check letter.
constexpr std::string_view kAlphabet = "BCDEFGHIJKLNOPRSTUV";
constexpr std::string_view kStart = "DLK";

struct Entry {
  std::string_view word;
  std::string_view two;
};
constexpr std::array<Entry, 11> kCommands{{{"CONFIRM", "CO"},
                                           {"NO", "NO"},
                                           {"OTHER", "OT"},
                                           {"UNDO", "UN"},
                                           {"QTY", "NU"},
                                           {"REPRINT", "RE"},
                                           {"SHORT", "SH"},
                                           {"HOLD", "HO"},
                                           {"PROBLEM", "PR"},
                                           {"HELP", "HE"},
                                           {"COUNT", "CN"}}};
constexpr std::array<Entry, 9> kWorkflows{{{"PACK", "PC"},
                                           {"PICK", "PI"},
                                           {"RECEIVE", "RC"},
                                           {"PUT AWAY", "PT"},
                                           {"MOVE", "TR"},
                                           {"ADJUST", "DJ"},
                                           {"RETURN", "RT"},
                                           {"MANIFEST", "LI"},
                                           {"SIGN OUT", "SI"}}};
constexpr std::string_view kDigits = "BCDEFGHIJK";  // V + letter

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

char check_letter(std::string_view five) {
  std::size_t sum = 0;
  for (std::size_t i = 0; i < five.size(); ++i) {
    const auto at = kAlphabet.find(five[i]);
    if (at == std::string_view::npos) return '\0';
    sum += (i + 1) * at;
  }
  return kAlphabet[sum % kAlphabet.size()];
}

}  // namespace

std::string_view name(Command command) { return kCommands[static_cast<std::size_t>(command)].word; }

std::optional<Command> command_named(std::string_view word) {
  for (std::size_t i = 0; i < kCommands.size(); ++i) {
    if (kCommands[i].word == word) return static_cast<Command>(i);
  }
  return std::nullopt;
}

bool looks_like_command(std::string_view code) {
  return code.size() == 6 && upper(code).starts_with(kStart);
}

std::optional<SheetCode> parse_sheet_code(std::string_view code) {
  if (!looks_like_command(code)) return std::nullopt;
  const std::string text = upper(code);
  if (check_letter(std::string_view(text).substr(0, 5)) != text[5]) return std::nullopt;
  const std::string_view two = std::string_view(text).substr(3, 2);
  for (std::size_t i = 0; i < kCommands.size(); ++i) {
    if (kCommands[i].two == two) return static_cast<Command>(i);
  }
  for (const auto& workflow : kWorkflows) {
    if (workflow.two == two) return Workflow{workflow.word};
  }
  if (two[0] == 'V') {
    const auto digit = kDigits.find(two[1]);
    if (digit != std::string_view::npos) return Digit{static_cast<int>(digit)};
  }
  return std::nullopt;
}

std::string sheet_code(std::string_view word) {
  std::string five;
  const auto take = [&](const auto& table) {
    for (const auto& entry : table) {
      if (entry.word == word) five = std::string(kStart) + std::string(entry.two);
    }
  };
  take(kCommands);
  take(kWorkflows);
  if (word.size() == 1 && word[0] >= '0' && word[0] <= '9') {
    five = std::string(kStart) + "V" + kDigits[static_cast<std::size_t>(word[0] - '0')];
  }
  if (five.empty()) return {};
  return five + check_letter(five);
}

}  // namespace dockline::agent::station
