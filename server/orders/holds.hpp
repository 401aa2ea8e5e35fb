// An order stands still while it has an open hold. Each hold has a reason of its own and is
// released by itself; what a person has released is not held again for the same reason and
// contents. Pure values; not shared.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/orders/checks.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::orders {

enum class HoldReason { doubt, payment, value, stock, buyer_asked, person };
[[nodiscard]] std::string_view name(HoldReason reason);

struct Hold {
  HoldReason reason = HoldReason::person;
  std::string about;  // the field or the subject; (reason, about, what) is one hold
  std::string what;
  std::string proposal;
  std::string by;  // a rule, or a person
  std::int64_t since_ms = 0;
  bool released = false;
  bool corrected = false;  // released because the doubt was gone; it may come back
  std::string released_by, released_why;
  std::int64_t released_ms = 0;
};

class Holds {
 public:
  Holds() = default;
  explicit Holds(std::vector<Hold> rows) : rows_(std::move(rows)) {}

  // True: the order is held by it now. False: it is held already, or a person has released exactly
  // this. A person's own hold is always set again.
  bool hold(Hold hold);
  // Every doubt as a hold by `by`; doubts that are gone (the field was corrected) are released.
  // Returns how many were set and released.
  struct Change {
    std::size_t set = 0, released = 0;
  };
  Change follow(std::span<const Doubt> doubts, std::string_view by, std::int64_t now_ms);
  // Fault::reject: no such open hold; nobody or no reason given.
  [[nodiscard]] base::Status release(HoldReason reason, std::string_view about, std::string_view by,
                                     std::string_view why, std::int64_t now_ms);
  [[nodiscard]] bool held() const;
  [[nodiscard]] std::vector<Hold> open() const;
  [[nodiscard]] const std::vector<Hold>& rows() const { return rows_; }  // all there ever were

 private:
  std::vector<Hold> rows_;
};

}  // namespace dockline::server::orders
