#include <boost/json.hpp>

#include "agent/app/snapshot_swap.hpp"

namespace dockline::agent {
namespace {

namespace json = boost::json;
using station::WorkState;

const Progress kNothing;
const Sheets kNoSheets;

template <class Fact>
void count(Progress& p, const Fact& of, domain::Quantity packed, domain::Quantity missing) {
  auto& c = p.counts[of.line];
  c.line = of.line;
  c.sku = of.sku;
  c.packed += packed;
  c.missing += missing;
  if constexpr (requires { of.lot; }) {
    if (of.lot && packed > 0) station::put_lot(c, *of.lot, packed);
    if (of.lot && packed < 0) station::take_lot(c, *of.lot, -packed);
  }
}

}  // namespace

std::vector<station::Count> Progress::list() const {
  std::vector<station::Count> out;
  for (const auto& [line, c] : counts) {
    if (c.packed != 0 || c.missing != 0) out.push_back(c);
  }
  return out;
}

void OwnFacts::fold(const wire::Event& event) {
  if (!ids_.insert(event.id).second) return;
  std::visit(
      [&](const auto& d) {
        using T = std::decay_t<decltype(d)>;
        if constexpr (std::is_same_v<T, wire::ItemCounted>) {
          count(at(d.work), d, d.quantity, 0);
        } else if constexpr (std::is_same_v<T, wire::ItemUncounted>) {
          count(at(d.work), d, -d.quantity, 0);
        } else if constexpr (std::is_same_v<T, wire::ShortNoted>) {
          count(at(d.work), d, 0, d.quantity);
        } else if constexpr (std::is_same_v<T, wire::PackReopened>) {
          // The only way out of a closed box: an old disk's own rows may come after its closing.
          at(d.work).state = WorkState::open;
        } else if constexpr (std::is_same_v<T, wire::PackClosed>) {
          auto& p = at(d.work);
          p.state = WorkState::done;
          for (const auto& line : d.lines) {  // of a closed box the single counts may be missing
            auto& c = p.counts[line.line] = {line.line, line.packed, line.missing, line.sku};
            if (line.lots) c.lots = *line.lots;
          }
        } else if constexpr (std::is_same_v<T, wire::LeaseReturned>) {
          auto& p = at(d.work);
          p.state = WorkState::open;  // given to this bench again it begins anew
          p.counts.clear();
        } else if constexpr (std::is_same_v<T, wire::LabelChanged>) {
          sheets_[d.job][d.attempt] = {d.state, d.printer.value_or(""), d.evidence.value_or(""),
                                       d.tracking, event.time_ms};
        } else if constexpr (std::is_same_v<T, wire::StockCounted>) {
          if (d.task) answered_.insert(*d.task);
        }
      },
      event.data);
}

Progress& OwnFacts::at(const domain::LeaseRef& work) {
  auto& grants = by_lease_[work.lease];
  if (const auto known = grants.find(work.epoch); known != grants.end()) return known->second;
  return grants[work.epoch] = of(work.lease, work.epoch);
}

const Progress& OwnFacts::of(const std::string& lease, std::int64_t epoch) const {
  const auto grants = by_lease_.find(lease);
  if (grants == by_lease_.end()) return kNothing;
  auto next = grants->second.upper_bound(epoch);
  if (next == grants->second.begin()) return kNothing;
  const auto& [granted, progress] = *--next;
  return granted < epoch && progress.state == WorkState::done ? kNothing : progress;
}

const Sheets& OwnFacts::sheets(const std::string& lease) const {
  const auto it = sheets_.find(lease);
  return it == sheets_.end() ? kNoSheets : it->second;
}

std::optional<SnapshotHeader> snapshot_header(std::string_view line) {
  json::error_code error;
  const auto value = json::parse(json::string_view(line.data(), line.size()), error);
  if (error || !value.is_object()) return std::nullopt;
  const auto* version = value.get_object().if_contains("snapshot");
  const auto* up = value.get_object().if_contains("up");
  if (version == nullptr || !version->is_int64() || version->get_int64() != 1) return std::nullopt;
  if (up == nullptr || !up->is_array()) return std::nullopt;
  SnapshotHeader out;
  for (const auto& entry : up->get_array()) {
    if (!entry.is_array() || entry.get_array().size() != 2) return std::nullopt;
    const auto& inc = entry.get_array()[0];
    const auto& through = entry.get_array()[1];
    if (!inc.is_string() || !through.is_int64() || through.get_int64() < 0) return std::nullopt;
    out.up.emplace_back(std::string(inc.get_string()), static_cast<sync::Seq>(through.get_int64()));
  }
  return out;
}

}  // namespace dockline::agent
