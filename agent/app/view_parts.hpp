// Private to agent/app: parts of the page's state that stand by themselves (view.cpp).
#pragma once

#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "agent/station/station.hpp"
#include "agent/store/store.hpp"

namespace dockline::agent {

// At most 80 bytes, cut at a character.
[[nodiscard]] std::string cut(std::string_view text);

// Shelves that this bench was asked to count: how many, and the first.
struct CountsAsked {
  std::int64_t waiting = 0;
  std::optional<station::CountTask> next;
};
[[nodiscard]] CountsAsked counts_asked(store::Store& kept);

[[nodiscard]] boost::json::object queue_body(const store::Queue& queue, const CountsAsked& counts);

// The count under way.
[[nodiscard]] boost::json::object count_body(const station::Station& st);
[[nodiscard]] station::Params count_words(const station::Station& st);
[[nodiscard]] boost::json::array count_slots(std::string_view banner);

}  // namespace dockline::agent
