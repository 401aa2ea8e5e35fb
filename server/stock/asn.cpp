#include "server/stock/asn.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace dockline::server::stock {
namespace {

using base::Fault;

struct Pieces {
  Quantity all = 0, damaged = 0;
};
using BySku = std::map<std::pair<std::string, std::string>, Pieces>;  // (SKU, code if no SKU)

base::Status check(const Delivery& delivery) {
  std::set<std::int64_t> numbers;
  for (const auto& line : delivery.lines) {
    const auto where = "delivery " + delivery.id + ", line " + std::to_string(line.line);
    if (line.sku.empty()) return base::fail(Fault::reject, where + ": no SKU");
    if (line.pieces < 1 || line.pieces > kPiecesMax) {
      return base::fail(Fault::reject, where + ": " + std::to_string(line.pieces) + " pieces");
    }
    if (!numbers.insert(line.line).second) {
      return base::fail(Fault::reject, where + " is there twice; number the lines");
    }
  }
  return {};
}

base::Result<BySku> summed(std::span<const Receipt> receipts) {
  BySku out;
  std::map<std::string_view, const Receipt*> seen;
  for (const auto& r : receipts) {
    const auto [at, fresh] = seen.emplace(r.id, &r);
    if (!fresh) {
      const auto& o = *at->second;
      if (o.sku == r.sku && o.code == r.code && o.pieces == r.pieces && o.damaged == r.damaged) {
        continue;
      }
      return base::fail(Fault::conflict, "receipt " + r.id + " came twice with other contents");
    }
    auto& pieces = out[{r.sku, r.sku.empty() ? r.code : ""}];
    if (r.pieces < 1 || r.pieces > kPiecesMax - pieces.all || r.damaged < 0 ||
        r.damaged > r.pieces) {
      return base::fail(Fault::reject, "receipt " + r.id + ": " + std::to_string(r.pieces) +
                                           " pieces, " + std::to_string(r.damaged) + " damaged");
    }
    pieces.all += r.pieces;
    pieces.damaged += r.damaged;
  }
  return out;
}

LineState state_of(const LineOutcome& line, bool closed) {
  if (line.received > line.expected) return LineState::over;
  if (line.received == line.expected) return LineState::complete;
  if (closed) return LineState::under;
  return line.received > 0 ? LineState::partly : LineState::expected;
}

std::string remedy_of(const LineOutcome& line) {
  switch (line.state) {
    case LineState::over:
      return std::to_string(line.received - line.expected) +
             " too many: keep them against a new invoice, or send them back";
    case LineState::under:
      return std::to_string(line.expected - line.received) +
             " missing: claim them, or order them again";
    case LineState::expected:
    case LineState::partly:
    case LineState::complete:
      return line.damaged > 0 ? std::to_string(line.damaged) + " damaged: claim them" : "";
  }
  return "";
}

void fill(Outcome& out, BySku& received, bool closed) {
  std::map<std::string_view, LineOutcome*> last;
  for (auto& line : out.lines) last[line.sku] = &line;
  for (auto& line : out.lines) {
    if (const auto found = received.find({line.sku, ""}); found != received.end()) {
      auto& left = found->second;
      const bool takes_all = last.at(line.sku) == &line;
      line.received = takes_all ? left.all : std::min(left.all, line.expected);
      line.damaged = std::min(left.damaged, line.received);
      left.all -= line.received;
      left.damaged -= line.damaged;
      if (takes_all) received.erase(found);
    }
    line.state = state_of(line, closed);
    line.remedy = remedy_of(line);
  }
}

DeliveryState state_of(const Outcome& out, const Delivery& delivery, std::int64_t now_ms) {
  const auto any = [&](auto what) { return std::any_of(out.lines.begin(), out.lines.end(), what); };
  const bool wrong = !out.strangers.empty() || any([](const LineOutcome& l) {
    return l.state == LineState::over || l.state == LineState::under || l.damaged > 0;
  });
  if (any([](const LineOutcome& l) {
        return l.state == LineState::expected || l.state == LineState::partly;
      })) {
    const bool some = wrong || any([](const LineOutcome& l) { return l.received > 0; });
    if (delivery.expected_ms != 0 && now_ms > delivery.expected_ms) return DeliveryState::overdue;
    return some ? DeliveryState::arriving : DeliveryState::expected;
  }
  return wrong ? DeliveryState::differs : DeliveryState::complete;
}

}  // namespace

std::string_view name(LineState state) {
  switch (state) {
    case LineState::expected:
      return "expected";
    case LineState::partly:
      return "partly";
    case LineState::complete:
      return "complete";
    case LineState::under:
      return "under";
    case LineState::over:
      return "over";
  }
  return "";
}

std::string_view name(DeliveryState state) {
  switch (state) {
    case DeliveryState::expected:
      return "expected";
    case DeliveryState::overdue:
      return "overdue";
    case DeliveryState::arriving:
      return "arriving";
    case DeliveryState::complete:
      return "complete";
    case DeliveryState::differs:
      return "differs";
  }
  return "";
}

base::Result<Outcome> compare(const Delivery& delivery, std::span<const Receipt> receipts,
                              std::int64_t now_ms) {
  if (auto ok = check(delivery); !ok) return base::pass(ok.error());
  auto received = summed(receipts);
  if (!received) return base::pass(received.error());
  Outcome out;
  for (const auto& line : delivery.lines) {
    out.lines.push_back({.line = line.line, .sku = line.sku, .expected = line.pieces});
  }
  fill(out, *received, delivery.closed);
  for (const auto& [key, pieces] : *received) {
    const bool known = !key.first.empty();
    out.strangers.push_back(
        {.sku = key.first,
         .code = key.second,
         .pieces = pieces.all,
         .damaged = pieces.damaged,
         .known = known,
         .remedy = known ? "not on this delivery: keep it and ask for an invoice, or send it back"
                         : "no item has this bar code: add it to its item, or send it back"});
  }
  out.state = state_of(out, delivery, now_ms);
  return out;
}

}  // namespace dockline::server::stock
