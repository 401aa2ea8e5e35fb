// Aligned tables. On a terminal the widest flexible column gives way so that a row stays one line;
// in a pipe nothing is cut.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace dockline::server::cli {

enum class Tone { plain, good, warn, bad, dim, strong };
// Colour codes around the text, or the text alone.
[[nodiscard]] std::string toned(std::string text, Tone tone, bool colour);

struct Cell {
  std::string text;
  Tone tone = Tone::plain;
};

struct Column {
  std::string title;
  bool right = false;     // numbers
  bool flexible = false;  // may be cut to fit the terminal
};

class Table {
 public:
  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  // terminal_columns 0: no limit.
  [[nodiscard]] std::string print(std::size_t terminal_columns, bool colour) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths(std::size_t terminal_columns) const;
  std::vector<Column> columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace dockline::server::cli
