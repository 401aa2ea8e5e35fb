// Everything of one run: world, network, shops, server, stations, people, checkers, wired together.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/broker/broker.hpp"
#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/nodes/hub_node.hpp"
#include "tests/sim/nodes/station_node.hpp"
#include "tests/sim/people/clerk.hpp"
#include "tests/sim/people/customers.hpp"
#include "tests/sim/people/operators.hpp"
#include "tests/sim/people/packer.hpp"
#include "tests/sim/people/trade.hpp"
#include "tests/sim/plan/plan.hpp"
#include "tests/sim/run/storage.hpp"

namespace dockline::sim {

struct Bench {
  std::unique_ptr<StationNode> node;
  std::unique_ptr<Packer> packer;
};

class Fleet final : public Evidence {
 public:
  // `history`: a recorded trade instead of drawn goods and customers.
  explicit Fleet(const Plan& plan, const History* history = nullptr);
  ~Fleet() override;
  Fleet(const Fleet&) = delete;
  Fleet& operator=(const Fleet&) = delete;

  void open();  // programs start, people come
  void calm();  // no fault from now on
  void shut();  // works holidays: benches off, no customers; the server goes on
  void reopen();
  void close();  // programs end
  // What still waits and where; empty when everything has converged.
  [[nodiscard]] std::string waits();

  void count(std::string_view kind, std::uint64_t n = 1) { faults_[std::string(kind)] += n; }
  [[nodiscard]] std::map<std::string, std::uint64_t> faults() const;
  void report(const Observation& seen);
  void look();          // the checkers' regular look
  void end_checkers();  // after close()
  void protest(std::string checker, std::string what);
  [[nodiscard]] const std::vector<Violation>& violations() const { return violations_; }

  // Evidence
  [[nodiscard]] std::int64_t now_ms() const override { return world.now_ms(); }
  [[nodiscard]] std::string vfs() const override { return storage.vfs(); }
  [[nodiscard]] std::string server_db() const override { return hub->database(); }
  [[nodiscard]] std::map<std::string, std::string> agent_dbs() const override;
  [[nodiscard]] std::vector<Gauge> gauges() const override;
  [[nodiscard]] std::map<std::string, std::string> site_of_location() const override;

  [[nodiscard]] std::vector<Shows> shown() const override;
  [[nodiscard]] std::vector<ShownBin> shown_bins() const override;
  [[nodiscard]] RoutingTruth routing() const override;
  [[nodiscard]] std::set<std::string> tell_at_handover() const override { return told_late_; }

  const Plan plan;
  World world;
  Storage storage;
  Broker broker;
  Catalogue goods;
  std::vector<std::unique_ptr<Shop>> shops;
  std::unique_ptr<HubNode> hub;
  std::vector<Bench> benches;
  std::vector<std::unique_ptr<Customers>> customers;
  std::unique_ptr<Operators> office;
  std::unique_ptr<Clerk> clerk;
  std::unique_ptr<Trade> trade;  // null without a recorded trade
  bool asleep = false;           // nothing happens for days: looking seldom is enough

 private:
  [[nodiscard]] std::string shown_wrong();
  void make_shops();
  void make_goods(const History* history);
  void pack_in_cases(Goods& one);
  void make_hub();
  [[nodiscard]] std::int64_t on_shelf(const std::string& sku, const std::string& site);
  void make_trade(const History& history);
  void make_benches();

  std::vector<std::unique_ptr<Checker>> checkers_;
  std::vector<Violation> violations_;
  std::int64_t calm_since_ms_ = 0;
  std::map<std::string, std::uint64_t> faults_;
  std::set<std::string> told_late_;  // channels
};

}  // namespace dockline::sim
