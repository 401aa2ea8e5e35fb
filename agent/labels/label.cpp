#include "agent/labels/label.hpp"

#include <algorithm>

#include <kainjow/mustache.hpp>

#include "agent/labels/text.hpp"
#include "firmware-interfaces/contract/gs1.hpp"
#include "firmware-interfaces/printers/zpl/escape.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/embedded.hpp"
#include "shared/base/limits.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_labels();
}

namespace dockline::agent::labels {
namespace {

namespace mustache = kainjow::mustache;
namespace gs1 = firmware::gs1;
using base::fail;
using base::Fault;

constexpr std::size_t kAddressLines = 7, kAddressChars = 36;
constexpr std::size_t kRows = 3, kRowChars = 58;
constexpr std::size_t kBarcodeDots = 740;  // from x=50 to the right edge, quiet zone taken off

// What Code 128 in mode A takes as it is. '>' starts an invocation code, in some engines here too.
bool is_code_text(std::string_view s) {
  return std::ranges::all_of(s, [](char c) { return c >= 0x20 && c < 0x7f && c != '>'; });
}

// Bar width of a Code 128 symbol in dots: 3, or 2 where 3 does not fit; 0 when it must not be
// printed. One dot decodes on a screen and fails on paper. Counts every character in subset B.
std::size_t bar_dots(std::string_view data) {
  if (data.empty() || !is_code_text(data)) {
    return 0;
  }
  const auto modules = (data.size() + 2) * 11 + 13 + 10;  // start, check, stop, right quiet zone
  for (const std::size_t dots : {3U, 2U}) {
    if (modules * dots <= kBarcodeDots) {
      return dots;
    }
  }
  return 0;
}

std::string join(std::initializer_list<std::optional<std::string>> parts) {
  std::string out;
  for (const auto& part : parts) {
    if (part && !part->empty()) {
      out += (out.empty() ? "" : " ") + *part;
    }
  }
  return out;
}

std::vector<std::string> address_lines(const domain::Address& to) {
  std::vector<std::string> out = wrap(to.name, kAddressChars, 2);
  const auto add = [&out](const std::string& text, std::size_t lines) {
    std::ranges::move(wrap(text, kAddressChars, lines), std::back_inserter(out));
  };
  add(to.company.value_or(""), 1);
  add(to.street1.value_or(""), 2);
  add(to.street2.value_or(""), 1);
  const auto place = cut(join({to.postal_code, to.city}), kAddressChars);
  const auto country = cut(join({to.region, to.country}), kAddressChars);
  // Place and country must be on the label, whatever came before them.
  const std::size_t tail = (place.empty() ? 0U : 1U) + (country.empty() ? 0U : 1U);
  out.resize(std::min(out.size(), kAddressLines - tail));
  for (const auto& line : {place, country}) {
    if (!line.empty()) {
      out.push_back(line);
    }
  }
  return out;
}

void fill_pieces(const LabelDocument& document, mustache::data& data) {
  domain::Quantity count = 0;
  std::vector<std::string> rows;
  for (const auto& piece : document.pieces) {
    count += piece.quantity;
    rows.push_back(
        cut(std::to_string(piece.quantity) + " x " + piece.sku + "  " + piece.title, kRowChars));
  }
  if (rows.size() > kRows) {
    const auto more = rows.size() - (kRows - 1);
    rows.resize(kRows - 1);
    rows.push_back("and " + std::to_string(more) + " more lines");
  }
  rows.resize(kRows);
  data.set("pieces", document.pieces.empty()
                         ? ""
                         : std::to_string(count) + (count == 1 ? " piece" : " pieces") + " in " +
                               std::to_string(document.pieces.size()) +
                               (document.pieces.size() == 1 ? " line" : " lines"));
  for (std::size_t i = 0; i < kRows; ++i) {
    data.set("row" + std::to_string(i + 1), rows[i]);
  }
}

base::Status check(const LabelDocument& d) {
  if (d.order_number.empty()) {
    return fail(Fault::reject, "a label without order number");
  }
  if (bar_dots(d.label.tracking) == 0) {
    return fail(Fault::reject,
                "tracking number \"" + base::printable(d.label.tracking, 60) +
                    "\" cannot be printed as a barcode: 1 to 29 ASCII characters without '>'");
  }
  if (!gs1::is_sscc(d.label.sscc)) {
    return fail(Fault::reject, "SSCC \"" + base::printable(d.label.sscc, 60) +
                                   "\" is not 18 digits with a right check digit");
  }
  return {};
}

std::string_view find_template() {
  static const auto files = base::embedded_labels();
  for (const auto& file : files) {
    if (file.name == "shipping-4x6.zpl") {
      return file.bytes;
    }
  }
  return {};
}

}  // namespace

base::Result<std::string> to_zpl(const LabelDocument& document) {
  if (auto checked = check(document); !checked) {
    return base::pass(checked.error());
  }
  mustache::data data;
  auto to = address_lines(document.ship_to);
  to.resize(kAddressLines);
  for (std::size_t i = 0; i < kAddressLines; ++i) {
    data.set("to" + std::to_string(i + 1), to[i]);
  }
  data.set("from", cut(document.sender, 40));
  data.set("service", cut(join({document.label.carrier, document.label.service}), 34));
  data.set("tracking", document.label.tracking);
  data.set("tracking_dots", std::to_string(bar_dots(document.label.tracking)));
  data.set("order", cut(document.order_number, 34));
  if (const auto dots = bar_dots(document.order_number); dots != 0) {
    data.set("order_code", document.order_number);
    data.set("order_dots", std::to_string(dots));
  }
  data.set("sscc", document.label.sscc);
  if (document.attempt > 1) {
    data.set("copy", std::to_string(document.attempt - 1));
  }
  fill_pieces(document, data);

  mustache::mustache page{std::string(find_template())};
  page.set_custom_escape([](const std::string& text) { return firmware::zpl::escape(text); });
  if (!page.is_valid()) {
    return fail(Fault::bug, "label template: " + page.error_message());
  }
  auto zpl = page.render(data);
  if (!page.error_message().empty() || zpl.find("^XA") == std::string::npos) {
    return fail(Fault::bug, "label template: " + page.error_message());
  }
  return zpl;
}

}  // namespace dockline::agent::labels
