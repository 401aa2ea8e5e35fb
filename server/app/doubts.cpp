#include "server/app/doubts.hpp"

#include "shared/base/limits.hpp"

namespace dockline::server {
namespace {

constexpr int kTimes = 2;  // alone and in vain, before it is put aside

bool blames_the_facts(base::Fault fault) {
  switch (fault) {
    case base::Fault::reject:
    case base::Fault::conflict:
    case base::Fault::bug:
      return true;
    case base::Fault::retry_later:
    case base::Fault::corrupt:
    case base::Fault::full:
      return false;
  }
  return false;
}

}  // namespace

std::optional<std::size_t> Doubts::limit(const std::string& station) const {
  const auto found = by_station_.find(station);
  if (found == by_station_.end()) return std::nullopt;
  return found->second.limit;
}

std::optional<std::string> Doubts::verdict(const std::string& station, std::string_view inc,
                                           sync::Seq seq) const {
  const auto found = by_station_.find(station);
  if (found == by_station_.end()) return std::nullopt;
  const Doubt& doubt = found->second;
  if (doubt.times < kTimes || doubt.inc != inc || doubt.seq != seq) return std::nullopt;
  return "it could not be taken: " + doubt.why;
}

void Doubts::failed(const Taken& taken, const base::Error& why) {
  if (taken.last == 0 || !blames_the_facts(why.fault)) return;
  Doubt& doubt = by_station_[taken.station];
  doubt.limit = 1;
  if (taken.first != taken.last) return;
  const bool again = doubt.inc == taken.inc && doubt.seq == taken.first;
  doubt.times = again ? doubt.times + 1 : 1;
  doubt.inc = taken.inc;
  doubt.seq = taken.first;
  doubt.why = why.detail;
}

void Doubts::kept(const Taken& taken) {
  const auto found = by_station_.find(taken.station);
  if (taken.last == 0 || found == by_station_.end()) return;
  found->second.limit *= 2;
  if (found->second.limit > base::limits::kBatchFactsMax) by_station_.erase(found);
}

Doubts::Again Doubts::again(std::int64_t parked) {
  if (hopeless_.erase(parked) > 0) return Again::no;
  const bool alone =
      suspects_.contains(parked) || (trying_.size() == 1 && suspects_.contains(*trying_.begin()));
  if (alone && !trying_.empty()) return Again::not_with_others;
  trying_.insert(parked);
  return Again::yes;
}

void Doubts::retries_failed(const base::Error& why) {
  if (!blames_the_facts(why.fault)) return;
  if (trying_.size() == 1) {
    suspects_.erase(*trying_.begin());
    hopeless_.insert(*trying_.begin());
  } else {
    suspects_.insert(trying_.begin(), trying_.end());
  }
  trying_.clear();
}

void Doubts::retries_kept() {
  for (const auto id : trying_) suspects_.erase(id);
  trying_.clear();
}

}  // namespace dockline::server
