#include "server/stock/counts.hpp"

#include <iterator>

namespace dockline::server::stock {

using base::Fault;

base::Result<bool> CountedPlace::is_new(const Moment& at, const Entry& entry) const {
  const auto same = [&](const Entry& e) {
    return e.id == entry.id && e.count == entry.count && e.value == entry.value &&
           e.known == entry.known;
  };
  if (const auto known = moments_.find(entry.id); known != moments_.end()) {
    if (known->second == at && same(log_.at(at))) return false;
    return base::fail(Fault::conflict, "event " + entry.id + " is known with other contents");
  }
  if (const auto there = log_.find(at); there != log_.end()) {
    return base::fail(Fault::conflict, "events " + there->second.id + " and " + entry.id + " of " +
                                           at.station + " claim the same moment");
  }
  return true;
}

// What lay there by the books just before an entry: from the last count on.
Quantity CountedPlace::before(Log::const_iterator at) const {
  Quantity sum = 0;
  while (at != log_.begin()) {
    --at;
    sum += at->second.value;
    if (at->second.count) break;
  }
  return sum;
}

// The books at the moment of the next count are now higher by `by`; what it found is not.
void CountedPlace::correct_next(Log::iterator after, Quantity by, std::vector<Adjustment>& out) {
  while (after != log_.end() && !after->second.count) ++after;
  if (after == log_.end() || by == 0) return;
  after->second.difference -= by;
  balance_ -= by;
  out.push_back({after->second.id, -by});
}

base::Result<std::vector<Adjustment>> CountedPlace::apply(const Moved& moved) {
  if (auto ok = check_pieces(moved.change, "event " + moved.id); !ok) return base::pass(ok.error());
  const Entry entry{.id = moved.id, .value = moved.change};
  const auto fresh = is_new(moved.at, entry);
  if (!fresh) return base::pass(fresh.error());
  std::vector<Adjustment> out;
  if (!*fresh) return out;
  balance_ += moved.change;
  if (settled_ && moved.at < log_.begin()->first) {
    correct_next(log_.begin(), moved.change, out);
    return out;
  }
  moments_.emplace(moved.id, moved.at);
  const auto put = log_.emplace(moved.at, entry).first;
  correct_next(std::next(put), moved.change, out);
  return out;
}

base::Result<std::vector<Adjustment>> CountedPlace::apply(const Counted& counted) {
  if (auto ok = check_amount(counted.pieces, "count " + counted.id); !ok) {
    return base::pass(ok.error());
  }
  if (auto ok = check_pieces(counted.known, "count " + counted.id); !ok) {
    return base::pass(ok.error());
  }
  const Entry entry{
      .id = counted.id, .count = true, .value = counted.pieces, .known = counted.known};
  const auto fresh = is_new(counted.at, entry);
  if (!fresh) return base::pass(fresh.error());
  std::vector<Adjustment> out;
  if (!*fresh || (settled_ && counted.at < log_.begin()->first)) return out;
  moments_.emplace(counted.id, counted.at);
  const auto put = log_.emplace(counted.at, entry).first;
  const auto difference = counted.pieces - before(put);
  put->second.difference = difference;
  balance_ += difference;
  if (difference != 0) out.push_back({counted.id, difference});
  correct_next(std::next(put), difference, out);
  return out;
}

std::vector<CountView> CountedPlace::counts() const {
  std::vector<CountView> out;
  for (const auto& [at, entry] : log_) {
    if (!entry.count) continue;
    const auto books = entry.value - entry.difference;
    out.push_back({entry.id, at, entry.value, entry.difference, books - entry.known});
  }
  return out;
}

std::vector<std::string> CountedPlace::doubtful(std::int64_t slack_ms) const {
  const auto close = [&](const Log::value_type& a, const Log::value_type& count) {
    return !a.second.count && a.second.value != 0 && a.first.station != count.first.station;
  };
  std::vector<std::string> out;
  for (auto count = log_.begin(); count != log_.end(); ++count) {
    if (!count->second.count) continue;
    const auto ms = count->first.ms;
    bool doubt = false;
    for (auto i = count; !doubt && i != log_.begin();) {
      --i;
      if (ms - i->first.ms > slack_ms) break;
      doubt = close(*i, *count);
    }
    for (auto i = std::next(count); !doubt && i != log_.end(); ++i) {
      if (i->first.ms - ms > slack_ms) break;
      doubt = close(*i, *count);
    }
    if (doubt) out.push_back(count->second.id);
  }
  return out;
}

void CountedPlace::settle(const Moment& at) {
  auto keep = log_.upper_bound(at);
  while (keep != log_.begin()) {
    --keep;
    if (!keep->second.count) continue;
    for (auto i = log_.begin(); i != keep; ++i) moments_.erase(i->second.id);
    log_.erase(log_.begin(), keep);
    settled_ = true;
    return;
  }
}

}  // namespace dockline::server::stock
