// A person of the office who does one thing after the other, some time between two of them, from a
// random stream of its own: runs without this person go as they did before. Nothing is tried twice:
// an answer that never came is one more way in which the books may know more than the people.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/nodes/hub_node.hpp"
#include "tests/sim/people/catalogue.hpp"

namespace dockline::sim {

// What every one of them has before them.
struct Desk {
  World& world;
  HubNode& hub;
  const Catalogue& goods;
  std::vector<std::string> sites;
  std::function<void(const char* kind)> count;
};

class Officer {
 public:
  // `kind`: of the plan (plan/kinds.cpp), and the name of the stream.
  Officer(Desk desk, const char* kind)
      : world_(desk.world),
        hub_(desk.hub),
        goods_(desk.goods),
        sites_(std::move(desk.sites)),
        count_(std::move(desk.count)),
        kind_(kind) {}
  virtual ~Officer() = default;
  Officer(const Officer&) = delete;
  Officer& operator=(const Officer&) = delete;

  [[nodiscard]] const char* kind() const { return kind_; }
  // Mean time between two things; 0: nobody does any of it.
  virtual void begin(std::int64_t every_ms);
  // Calm: nothing new is begun.
  virtual void settle() { calm_ = true; }
  void away(bool away) { away_ = away; }

 protected:
  using Then = std::function<void(const server::Reply&)>;
  virtual void one() = 0;
  // Every answer, also to who tries what cannot be done.
  virtual void heard(const server::Reply&) {}
  // What was done is counted as `done`.
  void ask(server::Command command, const char* done, Then then = {});
  [[nodiscard]] base::Prng& draw() { return world_.random(kind_); }
  [[nodiscard]] const Goods& some_goods();
  [[nodiscard]] const std::string& some_site();
  [[nodiscard]] std::int64_t on_hand(const std::string& sku, const std::string& site);
  [[nodiscard]] std::int64_t wall_ms() { return hub_.clock().now().wall_ms; }

  World& world_;
  HubNode& hub_;
  const Catalogue& goods_;
  std::vector<std::string> sites_;
  std::function<void(const char* kind)> count_;
  bool calm_ = false, away_ = false;

 private:
  void next();
  const char* kind_;
  std::int64_t every_ms_ = 0;
};

}  // namespace dockline::sim
