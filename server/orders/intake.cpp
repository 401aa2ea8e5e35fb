#include "server/orders/intake.hpp"

#include <algorithm>
#include <set>

#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::orders {
namespace {

using base::Fault;
namespace limits = base::limits;

constexpr std::int64_t kMoneyMax = 1'000'000'000'000;  // minor units; keeps sums in 64 bits

base::Status check_optional(const std::optional<std::string>& value, std::string_view field) {
  return value ? check_text(*value, field) : base::Status{};
}

base::Status check_money(const std::optional<std::int64_t>& minor, const std::string& field) {
  if (minor && (*minor > kMoneyMax || *minor < -kMoneyMax)) {
    return base::fail(Fault::reject,
                      field + ": " + std::to_string(*minor) + " is beyond any price");
  }
  return {};
}

base::Status check_line(const domain::OrderLine& line, const std::string& where) {
  if (auto ok = check_text(line.sku, where + ".sku", true); !ok) return ok;
  if (auto ok = check_text(line.title, where + ".title"); !ok) return ok;
  if (auto ok = check_optional(line.external_id, where + ".external_id"); !ok) return ok;
  if (line.quantity < 1 || line.quantity > limits::kLineQuantityMax) {
    return base::fail(Fault::reject, where + ".quantity: " + std::to_string(line.quantity) +
                                         " is not within 1 to " +
                                         std::to_string(limits::kLineQuantityMax));
  }
  return check_money(line.unit_price_minor, where + ".unit_price_minor");
}

base::Status check_lines(std::vector<domain::OrderLine>& lines) {
  if (lines.empty()) return base::fail(Fault::reject, "lines: at least one line is needed");
  if (lines.size() > limits::kOrderLinesMax) {
    return base::fail(Fault::reject, "lines: " + std::to_string(lines.size()) +
                                         " lines; an order has at most " +
                                         std::to_string(limits::kOrderLinesMax) + ", split it");
  }
  std::set<std::int64_t> numbers;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string where = "lines[" + std::to_string(i) + "]";
    lines[i].sku = normal_sku(lines[i].sku);
    if (lines[i].line == 0) lines[i].line = static_cast<std::int64_t>(i) + 1;
    if (auto ok = check_line(lines[i], where); !ok) return ok;
    if (lines[i].line < 1 || !numbers.insert(lines[i].line).second) {
      return base::fail(Fault::reject, where + ".line: " + std::to_string(lines[i].line) +
                                           " is not a number of its own from 1 on; leave it out");
    }
  }
  return {};
}

}  // namespace

std::string order_id(std::string_view channel, std::string_view number) {
  return std::string(channel).append(":").append(number);
}

std::string normal_sku(std::string_view sku) {
  while (!sku.empty() && sku.front() == ' ') sku.remove_prefix(1);
  while (!sku.empty() && sku.back() == ' ') sku.remove_suffix(1);
  std::string out(sku);
  for (char& c : out) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return out;
}

base::Status check_text(std::string_view value, std::string_view field, bool needed) {
  const std::string where(field);
  if (value.empty()) {
    return needed ? base::Status(base::fail(Fault::reject, where + ": missing")) : base::Status{};
  }
  if (value.size() > limits::kTextBytesMax) {
    return base::fail(Fault::reject, where + ": " + std::to_string(value.size()) +
                                         " bytes; at most " +
                                         std::to_string(limits::kTextBytesMax) + " fit");
  }
  if (!base::is_utf8(value)) {
    return base::fail(Fault::reject, where + ": not UTF-8 (" + base::printable(value, 60) +
                                         "). Save it as UTF-8 and send it again");
  }
  const bool control = std::any_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (control) {
    return base::fail(Fault::reject,
                      where + ": holds a control character (" + base::printable(value, 60) + ")");
  }
  return {};
}

base::Status accept(wire::OrderReceived& order) {
  if (auto ok = check_text(order.channel, "channel", true); !ok) return ok;
  if (order.channel.size() > 32 ||
      order.channel.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") !=
          std::string::npos) {
    return base::fail(Fault::reject, "channel: \"" + base::printable(order.channel, 40) +
                                         "\" is no name; use up to 32 of a-z, 0-9, - and _");
  }
  if (auto ok = check_text(order.number, "number", true); !ok) return ok;
  if (order.number.size() > 64) {
    return base::fail(Fault::reject, "number: at most 64 bytes fit, it must stay scannable");
  }
  if (order.currency.size() != 3) {
    return base::fail(Fault::reject, "currency: three letters are needed, for example EUR");
  }
  if (auto ok = check_optional(order.external_id, "external_id"); !ok) return ok;
  if (auto ok = check_address(order.ship_to); !ok) return ok;
  for (const auto& charge : order.charges) {
    if (auto ok = check_text(charge.code, "charges.code", true); !ok) return ok;
    if (auto ok = check_text(charge.title, "charges.title"); !ok) return ok;
    if (auto ok = check_money(charge.unit_price_minor, "charges.unit_price_minor"); !ok) return ok;
  }
  if (auto ok = check_lines(order.lines); !ok) return ok;
  order.order = order_id(order.channel, order.number);
  return {};
}

base::Status check_address(const domain::Address& a) {
  if (auto ok = check_text(a.name, "ship_to.name"); !ok) return ok;
  const std::pair<const std::optional<std::string>*, std::string_view> fields[] = {
      {&a.company, "ship_to.company"}, {&a.street1, "ship_to.street1"},
      {&a.street2, "ship_to.street2"}, {&a.postal_code, "ship_to.postal_code"},
      {&a.city, "ship_to.city"},       {&a.region, "ship_to.region"},
      {&a.country, "ship_to.country"}, {&a.phone, "ship_to.phone"},
      {&a.email, "ship_to.email"}};
  for (const auto& [value, field] : fields) {
    if (auto ok = check_optional(*value, field); !ok) return ok;
  }
  return {};
}

bool same_goods(const wire::OrderReceived& order, std::span<const Line> known) {
  if (order.lines.size() != known.size()) return false;
  for (const auto& line : order.lines) {
    const bool found = std::any_of(known.begin(), known.end(), [&](const Line& k) {
      return k.line == line.line && k.sku == line.sku && k.quantity == line.quantity;
    });
    if (!found) return false;
  }
  return true;
}

}  // namespace dockline::server::orders
