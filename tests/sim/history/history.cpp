#include "tests/sim/history/history.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <utility>

#include "shared/base/time.hpp"

namespace dockline::sim {
namespace {

constexpr std::int64_t kMinuteMs = 60'000, kNightMs = 45 * kMinuteMs, kNightKeptMs = 5 * kMinuteMs;
constexpr std::size_t kShopLinesMost = 60;  // more: written down at the office
constexpr const char* kHeader =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n";

enum Field : std::size_t { number, sku, title, quantity, date, price, customer, country, fields };

using Record = std::vector<std::string>;

std::vector<Record> read_csv(const std::string& text) {
  std::vector<Record> out;
  Record record{""};
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        record.back() += text[++i];
      } else if (c == '"') {
        quoted = false;
      } else {
        record.back() += c;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      record.emplace_back();
    } else if (c == '\n') {
      out.push_back(std::exchange(record, Record{""}));
    } else if (c != '\r') {
      record.back() += c;
    }
  }
  if (record.size() > 1) out.push_back(std::move(record));
  return out;
}

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\n") == std::string::npos) return field;
  std::string out = "\"";
  for (const char c : field) out.append(c == '"' ? "\"\"" : std::string(1, c));
  return out + "\"";
}

std::string code_of(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

// Goods have a number with five digits first; all else is postage, fees, discounts.
bool is_goods(const std::string& code) {
  return code.size() >= 5 && std::all_of(code.begin(), code.begin() + 5,
                                         [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool cancels(const std::string& slip) { return slip.starts_with('C'); }
std::int64_t whole(const std::string& text) { return std::atoll(text.c_str()); }

std::int64_t wall_ms(const std::string& text) {  // 2010-12-01 08:26:00
  std::string iso = text + "Z";
  std::ranges::replace(iso, ' ', 'T');
  return base::parse_rfc3339(iso).value_or(0);
}

// Of copy 0 as written; of the others with a digit of their own before it.
std::string of_copy(const std::string& text, std::int64_t copy) {
  if (copy == 0 || text.empty()) return text;
  const auto at = cancels(text) ? 1U : 0U;
  return text.substr(0, at) + std::to_string(copy) + text.substr(at);
}

struct Recorded {
  std::string number;
  std::vector<Record> lines;
};

using Cancelled = std::set<std::pair<std::string, std::string>>;  // customer, code

bool shop_takes(const Recorded& slip, const Cancelled& cancelled) {
  std::set<std::string> codes;
  for (const auto& line : slip.lines) {
    const auto code = code_of(line[sku]);
    if (line[customer].empty() || !is_goods(code) || whole(line[quantity]) < 1) return false;
    if (!codes.insert(code).second || cancelled.contains({line[customer], code})) return false;
  }
  return !cancels(slip.number) && slip.lines.size() <= kShopLinesMost;
}

Slip slip_of(const Recorded& recorded, const Cancelled& cancelled, std::int64_t copy) {
  Slip out{.number = of_copy(recorded.number, copy),
           .customer = of_copy(recorded.lines.front()[customer], copy),
           .goods = shop_takes(recorded, cancelled),
           .correction = true,
           .lines = {},
           .csv = kHeader};
  for (auto line : recorded.lines) {
    out.correction = out.correction && line[customer].empty() && std::stod(line[price]) == 0.0;
    out.lines.push_back({code_of(line[sku]), whole(line[quantity])});
    line[number] = out.number;
    line[customer] = of_copy(line[customer], copy);
    for (std::size_t i = 0; i < fields; ++i) out.csv += (i == 0 ? "" : ",") + quoted(line[i]);
    out.csv += '\n';
  }
  return out;
}

void trade(History& history, const Recorded& recorded) {
  for (const auto& line : recorded.lines) {
    const auto code = code_of(line[sku]);
    if (!is_goods(code)) continue;
    auto& goods = history.goods[code];
    if (goods.title.empty()) goods.title = line[title];
    const auto pieces = whole(line[quantity]);
    const bool bought = !line[customer].empty() || std::stod(line[price]) != 0.0;
    if (pieces > 0 && bought) {
      goods.sold += pieces;
      ++goods.lines;
    }
    if (pieces < 0 && !cancels(recorded.number)) goods.lost -= pieces;
  }
}

}  // namespace

base::Result<History> read_history(const HistoryWish& wish) {
  std::ifstream in(wish.file, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  auto records = read_csv(text.str());
  if (!in || records.size() < 2) {
    return base::fail(base::Fault::reject, wish.file + ": no recorded trade can be read from it");
  }
  records.erase(records.begin());
  std::vector<Recorded> slips;
  std::map<std::string, std::size_t> at;
  Cancelled cancelled;
  for (auto& record : records) {
    if (record.size() < fields) {
      return base::fail(base::Fault::reject, wish.file + ": a line has too few columns");
    }
    if (cancels(record[number])) cancelled.insert({record[customer], code_of(record[sku])});
    const auto [found, is_new] = at.emplace(record[number], slips.size());
    if (is_new) slips.push_back({record[number], {}});
    slips[found->second].lines.push_back(std::move(record));
  }
  if (wish.slips > 0 && static_cast<std::size_t>(wish.slips) < slips.size()) {
    slips.resize(static_cast<std::size_t>(wish.slips));
  }
  History out;
  std::int64_t before = wall_ms(slips.front().lines.front()[date]), now = 0;
  for (const auto& slip : slips) {
    const auto wall = wall_ms(slip.lines.front()[date]);
    const auto gap = std::max<std::int64_t>(0, wall - before);
    now += gap > kNightMs ? kNightKeptMs : gap;
    before = std::max(before, wall);
    for (std::int64_t copy = 0; copy < wish.factor; ++copy) {
      out.slips.push_back(slip_of(slip, cancelled, copy));
      out.slips.back().at_ms = now + copy * kMinuteMs / wish.factor;
      out.lines += static_cast<std::int64_t>(slip.lines.size());
      trade(out, slip);
    }
  }
  std::ranges::stable_sort(out.slips, {}, &Slip::at_ms);
  out.span_ms = out.slips.back().at_ms;
  return out;
}

}  // namespace dockline::sim
