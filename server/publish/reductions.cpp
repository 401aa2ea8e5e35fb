#include "server/publish/reductions.hpp"

#include <utility>

#include <boost/json.hpp>

namespace dockline::server::publish {

namespace json = boost::json;

std::optional<domain::Quantity> Reductions::fewest(const std::string& order,
                                                   const std::string& line) const {
  const auto found = orders_.find(order);
  if (found == orders_.end()) return std::nullopt;
  const auto at = found->second.lines.find(line);
  return at == found->second.lines.end() ? std::nullopt : std::optional(at->second);
}

void Reductions::shown(const std::string& order, const std::string& line, domain::Quantity pieces) {
  const auto before = fewest(order, line);
  if (!before || pieces < *before) put(order, line, pieces);
}

void Reductions::grown(const std::string& order, const std::string& line, domain::Quantity pieces) {
  if (fewest(order, line)) put(order, line, pieces);
}

void Reductions::put(const std::string& order, const std::string& line, domain::Quantity pieces) {
  changed_ = true;
  const auto [at, fresh] = orders_.try_emplace(order);
  at->second.lines[line] = pieces;
  if (!fresh) return;
  at->second.since = next_++;
  by_age_.emplace(at->second.since, order);
  if (orders_.size() <= most_) return;
  const auto oldest = by_age_.begin();
  orders_.erase(oldest->second);
  by_age_.erase(oldest);
}

std::string Reductions::text() const {
  json::array out;
  for (const auto& [since, order] : by_age_) {
    json::array lines;
    for (const auto& [line, pieces] : orders_.at(order).lines) {
      lines.push_back(json::array{line, pieces});
    }
    out.push_back(json::array{order, std::move(lines)});
  }
  return json::serialize(out);
}

void Reductions::load(std::string_view text) {
  boost::system::error_code failed;
  const auto all = json::parse(text, failed);
  if (failed || !all.is_array()) return;
  for (const auto& entry : all.get_array()) {
    const auto* pair = entry.if_array();
    if (pair == nullptr || pair->size() != 2) continue;
    const auto* order = (*pair)[0].if_string();
    const auto* lines = (*pair)[1].if_array();
    if (order == nullptr || lines == nullptr) continue;
    for (const auto& one : *lines) {
      const auto* line = one.if_array();
      if (line == nullptr || line->size() != 2) continue;
      const auto* id = (*line)[0].if_string();
      const auto* pieces = (*line)[1].if_int64();
      if (id != nullptr && pieces != nullptr && *pieces >= 0) {
        put(std::string(*order), std::string(*id), *pieces);
      }
    }
  }
  changed_ = false;
}

bool Reductions::take_changed() { return std::exchange(changed_, false); }

}  // namespace dockline::server::publish
