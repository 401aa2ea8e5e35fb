// What the server knows of one order when it decides who ships it. Without a rulebook, or where no
// rule of the chain asks for it, only figures are gathered. What a site has to do is counted once a
// second at most; the record says when.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "server/app/core.hpp"
#include "server/app/order_way.hpp"
#include "server/app/site_rules.hpp"
#include "server/app/stations.hpp"
#include "server/routing/rulebook.hpp"

namespace dockline::server {

class RoutingFacts {
 public:
  RoutingFacts(HubCore& core, Stations& stations)
      : core_(core), stations_(stations), rules_(core), ways_(core.store->db()) {}

  enum class Scope {
    unrouted,  // what is open or backordered
    movable,   // also what is allocated and released to no station: as if it were not so far
  };
  struct Made {
    routing::Facts facts;
    bool undecided = false;  // pieces that no decision was about so far
  };
  // Nothing: the order is not known, or the store has trouble.
  [[nodiscard]] std::optional<Made> gather(std::int64_t ord, const std::string& again, Scope scope);

  // A decision was made: its sites have that much more to do.
  void note(const wire::DecisionMade& made);
  // The record says which descriptions of its sites were used, where the chain asks what they say.
  void name_descriptions(const std::string& channel, wire::DecisionMade& made) const;
  // How far an order is and when each step of it must be done (server/orders/way.hpp). Nothing: the
  // order is not known, or the store has trouble.
  [[nodiscard]] std::optional<orders::WayFacts> way(std::int64_t ord);
  // Of the part that `site` packs: its deadline; nothing: nothing is promised.
  [[nodiscard]] std::optional<std::int64_t> pack_by_ms(std::int64_t ord, const std::string& site);
  // Of the routing file: who carries what this site ships of the order, by its newest decision.
  // Nothing: none was chosen, or the file does not know it any more.
  [[nodiscard]] const routing::Service* service_for(const std::string& order,
                                                    const std::string& site);
  [[nodiscard]] base::Status trouble() const { return ways_.trouble(); }
  [[nodiscard]] SiteRules& rules() { return rules_; }
  // The chains in force, and the chain of a channel.
  [[nodiscard]] const routing::Chains& chains() const;

 private:
  void add_needs(std::int64_t ord, Scope scope, Made& made,
                 std::map<std::pair<std::string, std::string>, domain::Quantity>& own);
  void add_order(const store::OrderHead& head, std::uint32_t asks, routing::Facts& facts);
  void add_sites(std::uint32_t asks, routing::Facts& facts);
  [[nodiscard]] std::optional<std::int64_t> contribution(const store::OrderHead& head);
  void add_load(const routing::DeclaredSite& declared, routing::Site& site);

  HubCore& core_;
  Stations& stations_;
  SiteRules rules_;
  struct Taken {
    std::int64_t orders = 0, counted_ms = 0;
  };
  std::map<std::string, Taken> taken_;
  store::WayBook ways_;
};

}  // namespace dockline::server
