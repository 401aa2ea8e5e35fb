// The people of the office: they enter the goods, receive stock, work the exception queue by its
// own proposed actions, and take orders back from benches that are silent.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/nodes/hub_node.hpp"
#include "tests/sim/people/catalogue.hpp"
#include "tests/sim/people/officer.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {

struct OfficeHours {
  std::int64_t round_ms = 300'000;    // between two looks at the exceptions
  std::int64_t restock_ms = 600'000;  // between two deliveries of goods
  std::uint32_t other_action = 0;     // per mille: another than the proposed one
  std::int64_t silent_ms = 60'000;    // between two looks for silent benches
  std::uint32_t revoke = 0;           // per mille of these: takes back from a silent bench
  std::int64_t policy_ms = 240'000;   // between two changes of what is kept back
  std::int64_t reroute_ms = 120'000;  // between two orders that a person sends elsewhere
  bool counts_negative = false;       // goes to the shelf that the books show below nothing
  // Between two things that one of the officers does, by kind; absent: none.
  std::map<std::string, std::int64_t, std::less<>> officers;
};

class Operators {
 public:
  using Report = std::function<void(const Observation&)>;
  using Count = std::function<void(const char* kind)>;
  Operators(World& world, HubNode& hub, const Catalogue& goods, std::vector<std::string> sites,
            const std::vector<std::unique_ptr<Shop>>& shops, Report report, Count count,
            RoutingTruth rules = {});

  void begin(const OfficeHours& hours);
  // Works holidays: nobody does more than answer the cases that come up.
  void away(bool away);
  // Calm: looks often, takes nothing back.
  void settle();
  // Pieces found, lost or delivered: booked once, however often it has to be tried.
  void book(std::string sku, std::string site, std::int64_t quantity, const std::string& why);
  [[nodiscard]] bool goods_entered() const { return entered_ == goods_.all().size(); }
  // An answer that never came: was it booked? Both are asked again.
  [[nodiscard]] std::size_t unanswered() const { return bookings_.size(); }
  [[nodiscard]] std::uint64_t resolved() const { return resolved_; }

 private:
  struct Booking {
    std::string sku, site, reason;
    std::int64_t quantity = 0;
    bool under_way = false, doubtful = false;
  };
  void enter_goods(std::size_t n);
  void send_booking(std::uint64_t id);
  [[nodiscard]] std::optional<bool> is_booked(const Booking& booking);
  void round();
  void watch_benches();
  void send_elsewhere();
  void resolve(const server::store::ExceptionRow& row);
  [[nodiscard]] bool count_negative(const server::store::ExceptionRow& row);
  [[nodiscard]] std::string parcel_told_twice(const std::string& subject, bool proposed);
  void take_back();
  void restock();
  void change_policy();
  void define_kits(std::size_t n);

  World& world_;
  HubNode& hub_;
  const Catalogue& goods_;
  std::vector<std::string> sites_;
  const std::vector<std::unique_ptr<Shop>>& shops_;
  Report report_;
  Count count_;
  std::vector<std::unique_ptr<Officer>> officers_;
  OfficeHours hours_;
  bool calm_ = false, away_ = false;
  std::size_t entered_ = 0;
  std::uint64_t bookings_made_ = 0, resolved_ = 0;
  std::map<std::uint64_t, Booking> bookings_;
  std::map<std::string, std::size_t> tried_;  // exceptions by kind and subject
};

}  // namespace dockline::sim
