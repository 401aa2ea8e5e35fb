// What a channel took off the lines of its orders: the fewest pieces that it has shown of each. It
// tells what was cancelled there from what was cancelled here alone, when a line grows again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "shared/domain/types.hpp"

namespace dockline::server::publish {

class Reductions final {
 public:
  // So many orders; of one more, the one that was noted first is forgotten.
  explicit Reductions(std::size_t most) : most_(most) {}

  // `line`: the channel's id of it. Nothing: it was never shown with fewer than were received.
  [[nodiscard]] std::optional<domain::Quantity> fewest(const std::string& order,
                                                       const std::string& line) const;
  // It is shown with so many, fewer than were received.
  void shown(const std::string& order, const std::string& line, domain::Quantity pieces);
  // It has grown again, to so many.
  void grown(const std::string& order, const std::string& line, domain::Quantity pieces);

  // As JSON: [["order", [["line", pieces], ...]], ...], in the order of noting. What cannot be read
  // is as if it had never been noted.
  [[nodiscard]] std::string text() const;
  void load(std::string_view text);
  // Whether text() differs since the last call.
  [[nodiscard]] bool take_changed();

 private:
  struct Order {
    std::uint64_t since = 0;
    std::map<std::string, domain::Quantity> lines;
  };
  void put(const std::string& order, const std::string& line, domain::Quantity pieces);

  std::size_t most_;
  std::map<std::string, Order> orders_;
  std::map<std::uint64_t, std::string> by_age_;
  std::uint64_t next_ = 0;
  bool changed_ = false;
};

}  // namespace dockline::server::publish
