// A recorded trade comes in: plain orders are bought at the shops, everything else (large orders,
// cancellations, corrections of stock, odd lines, and what a shop shows as sold out) is a slip that
// the office takes in as a small file. Besides it shelves are counted and goods are delivered.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/history/history.hpp"
#include "tests/sim/nodes/hub_node.hpp"
#include "tests/sim/people/catalogue.hpp"
#include "tests/sim/people/operators.hpp"
#include "tests/sim/shops/shop.hpp"

namespace dockline::sim {

class Trade {
 public:
  using Count = std::function<void(const char* kind)>;
  using Report = std::function<void(const Observation&)>;
  Trade(World& world, HubNode& hub, Operators& office,
        const std::vector<std::unique_ptr<Shop>>& shops, const History& history,
        std::vector<std::string> sites, std::uint32_t cancel_per_mille, Count count, Report report);

  // Articles with stock at each site: of those that several want,
  // every sixth a tenth short of what will be wanted.
  [[nodiscard]] static std::vector<Goods> assortment(const History& history, std::size_t sites);

  void begin();
  void settle() { calm_ = true; }
  [[nodiscard]] std::size_t unfinished() const { return unfinished_; }  // slips not taken in

  // How each slip came in: "<shop>:<number there>", or "" by the office.
  [[nodiscard]] const std::vector<std::string>& ways() const { return ways_; }
  // Ways of those that were cancelled at the shop, in part or as a whole.
  [[nodiscard]] const std::set<std::string>& changed_minds() const { return changed_minds_; }
  [[nodiscard]] std::uint64_t sold_out() const { return sold_out_; }
  // Pieces booked besides the slips.
  struct Besides {
    std::int64_t counts = 0, found = 0, lost = 0, deliveries = 0, delivered = 0;
  };
  [[nodiscard]] const Besides& besides() const { return besides_; }
  [[nodiscard]] static constexpr const char* channel() { return "office"; }
  // The office's file of a slip, and the number of the slip of a file.
  [[nodiscard]] static std::string file_of(const std::string& slip);
  [[nodiscard]] static std::string slip_of(const std::string& file);

 private:
  void enter(std::size_t n);
  [[nodiscard]] bool buy(std::size_t n);
  void write_down(std::size_t n);
  void count_a_shelf();
  void deliver();
  struct Spot {
    std::string site;
    std::int64_t free = 0;     // pieces there that nobody wants
    std::int64_t on_hand = 0;  // by the books
  };
  [[nodiscard]] Spot best_spot(const std::string& sku);

  World& world_;
  HubNode& hub_;
  Operators& office_;
  const std::vector<std::unique_ptr<Shop>>& shops_;
  const History& history_;
  std::vector<std::string> sites_;
  std::uint32_t cancel_;
  Count count_;
  Report report_;
  std::map<std::size_t, std::string> corrected_at_;  // slips: the site, chosen once
  std::vector<std::string> ways_;
  std::set<std::string> changed_minds_;
  std::size_t unfinished_;
  std::uint64_t sold_out_ = 0;
  Besides besides_;
  bool calm_ = false;
};

}  // namespace dockline::sim
