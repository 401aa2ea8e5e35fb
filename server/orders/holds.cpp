#include "server/orders/holds.hpp"

#include <algorithm>
#include <iterator>

namespace dockline::server::orders {
namespace {

bool same(const Hold& a, const Hold& b) {
  return a.reason == b.reason && a.about == b.about && a.what == b.what;
}

}  // namespace

std::string_view name(HoldReason reason) {
  switch (reason) {
    case HoldReason::doubt:
      return "doubt";
    case HoldReason::payment:
      return "payment";
    case HoldReason::value:
      return "value";
    case HoldReason::stock:
      return "stock";
    case HoldReason::buyer_asked:
      return "buyer_asked";
    case HoldReason::person:
      return "person";
  }
  return "";
}

bool Holds::hold(Hold hold) {
  const bool stands = std::any_of(rows_.begin(), rows_.end(), [&](const Hold& h) {
    const bool settled = h.released && !h.corrected && hold.reason != HoldReason::person;
    return same(h, hold) && (!h.released || settled);
  });
  if (stands) return false;
  hold.released = hold.corrected = false;
  rows_.push_back(std::move(hold));
  return true;
}

Holds::Change Holds::follow(std::span<const Doubt> doubts, std::string_view by,
                            std::int64_t now_ms) {
  Change out;
  for (const auto& doubt : doubts) {
    out.set += hold({.reason = HoldReason::doubt,
                     .about = doubt.field,
                     .what = doubt.what,
                     .proposal = doubt.proposal,
                     .by = std::string(by),
                     .since_ms = now_ms})
                   ? 1U
                   : 0U;
  }
  for (auto& row : rows_) {
    if (row.reason != HoldReason::doubt || row.released) continue;
    const bool still = std::any_of(doubts.begin(), doubts.end(), [&](const Doubt& d) {
      return d.field == row.about && d.what == row.what;
    });
    if (still) continue;
    row.released = row.corrected = true;
    row.released_by = std::string(by);
    row.released_why = "it was corrected";
    row.released_ms = now_ms;
    ++out.released;
  }
  return out;
}

base::Status Holds::release(HoldReason reason, std::string_view about, std::string_view by,
                            std::string_view why, std::int64_t now_ms) {
  if (by.empty() || why.empty()) {
    return base::fail(base::Fault::reject, "a release needs a name and a reason");
  }
  bool any = false;
  for (auto& row : rows_) {
    if (row.released || row.reason != reason || row.about != about) continue;
    row.released = any = true;
    row.released_by = std::string(by);
    row.released_why = std::string(why);
    row.released_ms = now_ms;
  }
  if (any) return {};
  return base::fail(base::Fault::reject, "there is no open hold for " + std::string(name(reason)) +
                                             " about \"" + std::string(about) + "\"");
}

bool Holds::held() const {
  return std::any_of(rows_.begin(), rows_.end(), [](const Hold& h) { return !h.released; });
}

std::vector<Hold> Holds::open() const {
  std::vector<Hold> out;
  std::copy_if(rows_.begin(), rows_.end(), std::back_inserter(out),
               [](const Hold& h) { return !h.released; });
  return out;
}

}  // namespace dockline::server::orders
