#include "server/imports/csv.hpp"

#include <algorithm>
#include <array>

#include <csv.h>

#include "shared/base/limits.hpp"

namespace dockline::server::imports {
namespace {

using base::Fault;

// A quoted field may hold line breaks; a quote that is never closed must not eat the file.
constexpr std::size_t kRecordLinesMax = 20;
constexpr std::size_t kRawMax = 2'048;

class Parser {
 public:
  explicit Parser(char delimiter) {
    csv_init(&parser_, 0);
    csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
  }
  ~Parser() { csv_free(&parser_); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  // True: the record is complete.
  bool feed(std::string_view line) {
    csv_parse(&parser_, line.data(), line.size(), &on_field, &on_row, this);
    return done_;
  }
  bool finish() {
    csv_fini(&parser_, &on_field, &on_row, this);
    return done_;
  }
  std::vector<std::string> take() {
    done_ = false;
    return std::exchange(fields_, {});
  }

 private:
  static void on_field(void* bytes, std::size_t size, void* self) {
    static_cast<Parser*>(self)->fields_.emplace_back(static_cast<const char*>(bytes), size);
  }
  static void on_row(int, void* self) { static_cast<Parser*>(self)->done_ = true; }

  csv_parser parser_{};
  std::vector<std::string> fields_;
  bool done_ = false;
};

// Physical lines with their line break.
class Lines {
 public:
  explicit Lines(std::string_view bytes) : left_(bytes) {}
  [[nodiscard]] bool empty() const { return left_.empty(); }
  std::string_view next() {
    const auto end = left_.find('\n');
    const auto size = end == std::string_view::npos ? left_.size() : end + 1;
    const std::string_view line = left_.substr(0, size);
    left_.remove_prefix(size);
    return line;
  }
  [[nodiscard]] std::string_view rest() const { return left_; }
  void back_to(std::string_view rest) { left_ = rest; }

 private:
  std::string_view left_;
};

bool blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

CsvRow read_record(Lines& lines, Parser& parser) {
  CsvRow row;
  const std::string_view first = lines.next();
  const std::string_view after_first = lines.rest();
  row.raw = std::string(first.substr(0, kRawMax));
  bool complete = parser.feed(first);
  std::size_t used = first.size();
  auto quotes = std::count(first.begin(), first.end(), '"');
  for (std::size_t n = 1;
       !complete && n < kRecordLinesMax && !lines.empty() && used < base::limits::kCsvFieldBytesMax;
       ++n) {
    const std::string_view more = lines.next();
    used += more.size();
    quotes += std::count(more.begin(), more.end(), '"');
    complete = parser.feed(more);
  }
  // The last line of a file may lack its line break; an open quote never ends there.
  const bool open_quote = !complete && quotes % 2 != 0;
  if (!complete) {
    parser.finish();
    if (open_quote) lines.back_to(after_first);
  }
  row.fields = parser.take();
  if (open_quote) {
    row.fields.clear();
    row.problem = "a quote is opened and never closed";
  }
  for (std::size_t i = 0; i < row.fields.size() && row.problem.empty(); ++i) {
    if (row.fields[i].size() > base::limits::kCsvFieldBytesMax) {
      row.problem = "column " + std::to_string(i + 1) + " has " +
                    std::to_string(row.fields[i].size()) + " bytes; at most " +
                    std::to_string(base::limits::kCsvFieldBytesMax) + " fit";
    }
  }
  return row;
}

char delimiter_of(std::string_view header) {
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char c : {',', ';', '\t'}) {
    const auto n = std::count(header.begin(), header.end(), c);
    if (n > most) {
      most = n;
      best = c;
    }
  }
  return best;
}

}  // namespace

base::Result<CsvFile> read_csv(std::string_view bytes) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) {
    return base::fail(Fault::reject, "the file is UTF-16; save it as \"CSV UTF-8\" and try again");
  }
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  Lines lines(bytes);
  while (!lines.empty() && blank(lines.rest().substr(0, lines.rest().find('\n')))) lines.next();
  if (lines.empty()) return base::fail(Fault::reject, "the file is empty");
  CsvFile file;
  Parser parser(delimiter_of(lines.rest().substr(0, lines.rest().find('\n'))));
  CsvRow header = read_record(lines, parser);
  if (!header.problem.empty()) {
    return base::fail(Fault::reject, "the header cannot be read: " + header.problem);
  }
  file.header = std::move(header.fields);
  std::int64_t n = 0;
  while (!lines.empty()) {
    if (blank(lines.rest().substr(0, lines.rest().find('\n')))) {
      lines.next();
      continue;
    }
    CsvRow row = read_record(lines, parser);
    row.row = ++n;
    file.rows.push_back(std::move(row));
  }
  return file;
}

}  // namespace dockline::server::imports
