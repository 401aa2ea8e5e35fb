#include "server/orders/checks.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <utility>

namespace dockline::server::orders {
namespace {

constexpr auto kMost = std::numeric_limits<std::int64_t>::max();

// N: a digit, A: a letter; anything else stands for itself.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kForms = {{
    {"AT", "NNNN"},   {"AU", "NNNN"},     {"BE", "NNNN"},    {"CH", "NNNN"},   {"CZ", "NNN NN"},
    {"CZ", "NNNNN"},  {"DE", "NNNNN"},    {"DK", "NNNN"},    {"ES", "NNNNN"},  {"FI", "NNNNN"},
    {"FR", "NNNNN"},  {"IT", "NNNNN"},    {"NL", "NNNN AA"}, {"NL", "NNNNAA"}, {"NO", "NNNN"},
    {"PL", "NN-NNN"}, {"PT", "NNNN-NNN"}, {"SE", "NNN NN"},  {"SE", "NNNNN"},  {"US", "NNNNN"},
}};
constexpr std::string_view kUsLong = "NNNNN-NNNN";

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool has_form(std::string_view text, std::string_view form) {
  return std::equal(text.begin(), text.end(), form.begin(), form.end(), [](char c, char f) {
    return f == 'N' ? digit(c) : f == 'A' ? letter(c) : c == f;
  });
}

std::string_view text(const std::optional<std::string>& value) {
  std::string_view out = value ? std::string_view(*value) : std::string_view{};
  while (!out.empty() && out.front() == ' ') out.remove_prefix(1);
  while (!out.empty() && out.back() == ' ') out.remove_suffix(1);
  return out;
}

bool known_form(std::string_view country) {
  return std::any_of(kForms.begin(), kForms.end(),
                     [&](const auto& form) { return form.first == country; });
}

void check_address(const domain::Address& a, const CheckRules& rules, std::vector<Doubt>& out) {
  const auto missing = [&](std::string_view field) {
    out.push_back({"ship_to." + std::string(field), "it is missing",
                   "ask the buyer, or look in the channel, and enter it"});
  };
  if (text(a.name).empty() && text(a.company).empty()) missing("name");
  if (text(a.street1).empty()) {
    missing("street1");
  } else if (rules.house_number_needed && text(a.street2).empty() &&
             std::none_of(a.street1->begin(), a.street1->end(), digit)) {
    out.push_back({"ship_to.street1", "\"" + *a.street1 + "\" has no house number",
                   "ask the buyer; release it if the house has none"});
  }
  if (text(a.city).empty()) missing("city");
  const auto country = text(a.country);
  if (country.empty()) {
    missing("country");
  } else if (country.size() != 2 || country[0] < 'A' || country[0] > 'Z' || country[1] < 'A' ||
             country[1] > 'Z') {
    out.push_back({"ship_to.country", "\"" + std::string(country) + "\" is no country code",
                   "enter the two letters of the country"});
  } else if (known_form(country) && text(a.postal_code).empty()) {
    missing("postal_code");
  } else if (!postal_code_fits(country, text(a.postal_code))) {
    out.push_back({"ship_to.postal_code",
                   "\"" + *a.postal_code + "\" is no postal code of " + std::string(country),
                   "compare it with the city; ask the buyer if both could be meant"});
  }
}

// Of an address that need not be whole: only what contradicts itself.
void check_given(const domain::Address& a, std::vector<Doubt>& out) {
  const auto country = text(a.country);
  if (text(a.postal_code).empty() || postal_code_fits(country, text(a.postal_code))) return;
  out.push_back({"ship_to.postal_code",
                 "\"" + *a.postal_code + "\" is no postal code of " + std::string(country),
                 "compare it with the city; ask the buyer if both could be meant"});
}

void check_email(const domain::Address& a, std::vector<Doubt>& out) {
  const auto email = text(a.email);
  if (email.empty()) return;
  const auto at = email.find('@');
  const bool fits = at != std::string_view::npos && at > 0 && at + 1 < email.size() &&
                    email.find('@', at + 1) == std::string_view::npos &&
                    email.find(' ') == std::string_view::npos;
  if (fits) return;
  out.push_back({"ship_to.email", "\"" + std::string(email) + "\" is no e-mail address",
                 "correct it, or remove it: the buyer is then told nothing"});
}

void check_lines(const wire::OrderReceived& order, const CheckRules& rules,
                 std::vector<Doubt>& out) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < order.lines.size(); ++i) {
    const auto& line = order.lines[i];
    if (rules.line_quantity_most > 0 && line.quantity > rules.line_quantity_most) {
      out.push_back({"lines[" + std::to_string(i) + "].quantity",
                     std::to_string(line.quantity) + " pieces are more than the usual " +
                         std::to_string(rules.line_quantity_most),
                     "ask the buyer whether so many are meant, then release or amend it"});
    }
    // Prices and quantities were bounded at intake; only their product may be too large to add.
    const auto price = std::max<std::int64_t>(0, line.unit_price_minor.value_or(0));
    const auto room = kMost - value;
    value =
        line.quantity > 0 && price > room / line.quantity ? kMost : value + price * line.quantity;
  }
  if (rules.value_most_minor > 0 && value > rules.value_most_minor) {
    out.push_back({"lines",
                   "goods worth " + std::to_string(value) + " minor units of " + order.currency +
                       " are beyond the limit of " + std::to_string(rules.value_most_minor),
                   "check payment and buyer, then release it"});
  }
}

}  // namespace

bool postal_code_fits(std::string_view country, std::string_view postal_code) {
  if (!known_form(country)) return true;
  if (country == "US" && has_form(postal_code, kUsLong)) return true;
  return std::any_of(kForms.begin(), kForms.end(), [&](const auto& form) {
    return form.first == country && has_form(postal_code, form.second);
  });
}

std::vector<Doubt> doubts(const wire::OrderReceived& order, const CheckRules& rules,
                          std::int64_t now_ms) {
  std::vector<Doubt> out;
  if (order.placed_ms > now_ms && order.placed_ms - now_ms > rules.ahead_most_ms) {
    out.push_back({"placed_ms", "it was placed in the future",
                   "correct the date: promises are counted from it"});
  }
  if (rules.address_needed) {
    check_address(order.ship_to, rules, out);
  } else {
    check_given(order.ship_to, out);
  }
  check_email(order.ship_to, out);
  check_lines(order, rules, out);
  return out;
}

}  // namespace dockline::server::orders
