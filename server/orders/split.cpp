#include "server/orders/split.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

namespace dockline::server::orders {
namespace {

using base::Fault;

// What costs nobody anything is taken first.
constexpr std::array kTakeable = {UnitState::open, UnitState::backordered, UnitState::allocated,
                                  UnitState::released};

// Lower case, every run of spaces and punctuation one space.
std::string plain(const std::optional<std::string>& text) {
  std::string out;
  for (const char c : text.value_or("")) {
    const bool gap = c == ' ' || c == ',' || c == '.' || c == '-' || c == '\t';
    if (gap && (out.empty() || out.back() == ' ')) continue;
    out += gap ? ' ' : (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

bool same_address(const domain::Address& a, const domain::Address& b) {
  return plain(a.name) == plain(b.name) && plain(a.company) == plain(b.company) &&
         plain(a.street1) == plain(b.street1) && plain(a.street2) == plain(b.street2) &&
         plain(a.postal_code) == plain(b.postal_code) && plain(a.city) == plain(b.city) &&
         plain(a.region) == plain(b.region) && plain(a.country) == plain(b.country);
}

std::string begun(const MergeFacts& m) {
  if (m.held) return m.order + " is held";
  const bool waits = m.state == UnitState::open || m.state == UnitState::allocated ||
                     m.state == UnitState::released;
  return waits ? m.kept : m.order + " is " + std::string(name(m.state));
}

base::Status take(Line& stays, Line& leaves, Quantity quantity) {
  auto left = quantity;
  for (const auto state : kTakeable) {
    const auto taken = std::min(left, stays.units.at(state));
    stays.units.at(state) -= taken;
    leaves.units.at(state) += taken;
    left -= taken;
  }
  if (left > 0) {
    return base::fail(Fault::reject, "line " + std::to_string(stays.line) + ": only " +
                                         std::to_string(quantity - left) + " of " +
                                         std::to_string(quantity) +
                                         " pieces are not packed yet; take fewer");
  }
  stays.quantity -= quantity;
  leaves.quantity = quantity;
  return {};
}

}  // namespace

base::Result<Split> split(std::span<const Line> lines, std::span<const SplitWish> wish) {
  Split out{.stays = {lines.begin(), lines.end()}, .leaves = {}};
  std::set<std::int64_t> seen;
  for (const auto& w : wish) {
    const auto where = "line " + std::to_string(w.line);
    const auto at = std::find_if(out.stays.begin(), out.stays.end(),
                                 [&](const Line& l) { return l.line == w.line; });
    if (at == out.stays.end()) return base::fail(Fault::reject, where + ": there is none");
    if (!seen.insert(w.line).second) {
      return base::fail(Fault::reject, where + " is wished for twice; say it once");
    }
    if (w.quantity < 1) return base::fail(Fault::reject, where + ": take one piece or more");
    Line leaves = *at;
    leaves.units = {};
    leaves.counted = leaves.missing = 0;  // what was counted stays with what is being packed
    if (auto ok = take(*at, leaves, w.quantity); !ok) return base::pass(ok.error());
    out.leaves.push_back(std::move(leaves));
  }
  std::erase_if(out.stays, [](const Line& l) { return l.units.total() == 0; });
  if (out.stays.empty() || out.leaves.empty()) {
    return base::fail(Fault::reject, "a split leaves something on both sides");
  }
  return out;
}

std::string not_mergeable(const MergeFacts& a, const MergeFacts& b) {
  if (a.order == b.order) return "it is one order";
  if (a.channel != b.channel) return "they are of different channels";
  if (a.buyer.empty() || b.buyer.empty()) return "the buyer is not known";
  if (plain(a.buyer) != plain(b.buyer)) return "they are of different buyers";
  if (!same_address(a.ship_to, b.ship_to)) return "they go to different addresses";
  if (auto why = begun(a); !why.empty()) return why;
  if (auto why = begun(b); !why.empty()) return why;
  if (!a.site.empty() && !b.site.empty() && a.site != b.site) {
    return "they are routed to " + a.site + " and " + b.site;
  }
  return "";
}

std::vector<std::vector<std::string>> merge_groups(std::span<const MergeFacts> orders,
                                                   bool allowed) {
  if (!allowed) return {};
  std::vector<std::vector<const MergeFacts*>> groups;
  for (const auto& order : orders) {
    const auto fits = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      return std::all_of(group.begin(), group.end(), [&](const MergeFacts* other) {
        return not_mergeable(*other, order).empty();
      });
    });
    if (fits != groups.end()) {
      fits->push_back(&order);
    } else {
      groups.push_back({&order});
    }
  }
  std::vector<std::vector<std::string>> out;
  for (const auto& group : groups) {
    if (group.size() < 2) continue;
    out.emplace_back();
    for (const auto* order : group) out.back().push_back(order->order);
  }
  return out;
}

}  // namespace dockline::server::orders
