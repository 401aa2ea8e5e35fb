// Kits: an order of kits has exactly the pieces that they were made of when it came; no channel is
// told of more kits than the free pieces of any part make at that moment; no decision gives an
// order more pieces than were free; and a shop hears of as many kits as lie whole in the order's
// boxes.
#include <algorithm>
#include <map>
#include <set>

#include <boost/json.hpp>

#include "tests/sim/checkers/judge.hpp"
#include "tests/sim/checkers/recipes.hpp"

namespace dockline::sim {
namespace {

namespace json = boost::json;
using Pieces = Recipes::Pieces;

class Kits final : public Judge {
 public:
  using Judge::Judge;
  [[nodiscard]] std::string_view name() const override { return "kits"; }

  void on(std::int64_t at_ms, const Observation& seen, std::vector<Violation>& out) override {
    now_ms_ = at_ms;
    if (std::get_if<HubMishap>(&seen) != nullptr) {
      log_->close();
    } else if (const auto* asked = std::get_if<ChannelAsked>(&seen)) {
      on_asked(*asked, out);
    } else if (const auto* done = std::get_if<ShopFulfilled>(&seen)) {
      for (const auto& [sku, pieces] : done->pieces) {
        told_[{done->channel + ":" + done->number, sku}] += pieces;
      }
    } else if (const auto* back = std::get_if<ShopParcelTakenBack>(&seen)) {
      unclear_.insert(back->channel + ":" + back->number);
    }
  }
  void look(const Evidence& evidence, std::vector<Violation>& out) override {
    evidence_ = &evidence;
    sites_ = evidence.site_of_location();
    Judge::look(evidence, out);
  }

 private:
  void fact(const Fact& fact) override {
    if (fact.position == 0) return;
    recipes_.fact(fact);
    if (fact.is("dockline.order.received.v1")) {
      if (recipes_.order(fact.order) != nullptr) unseen_.insert(fact.order);
    } else if (fact.is("dockline.order.amended.v1")) {
      amended_.insert(fact.order);
    } else if (fact.is("dockline.pack.reopened.v1")) {
      unclear_.insert(fact.order);
    } else if (fact.is("dockline.exception.raised.v1")) {
      unclear_.insert(fact.subject.substr(0, fact.subject.find('#')));
    } else if (fact.is("dockline.decision.made.v1")) {
      decided(fact);
    }
  }
  void forget() override {
    recipes_.forget();
    unseen_.clear();
    amended_.clear();
    unclear_.clear();
    problems_.clear();
  }

  // What a machine gives an order was free by what it knew: kits and pieces of one order together.
  void decided(const Fact& fact) {
    if (recipes_.order(fact.subject) == nullptr || fact.rule == "person" || fact.free.empty()) {
      return;
    }
    Pieces given;
    for (const auto& line : fact.lines) given[line.sku] += line.quantity;
    for (const auto& [sku, pieces] : given) {
      const auto free = fact.free.find(sku);
      if (free == fact.free.end() || pieces <= free->second) continue;
      problems_.push_back("Order " + fact.subject + " was given " + std::to_string(pieces) + " x " +
                          sku + " in kits and pieces, " + std::to_string(free->second) +
                          " were free.");
    }
  }

  void now(std::vector<Violation>& out) override {
    for (const auto& problem : problems_) say(out, problem);
    problems_.clear();
    for (const auto& order : std::exchange(unseen_, {})) whole(order, out);
  }

  void whole(const std::string& id, std::vector<Violation>& out) {
    const auto* order = recipes_.order(id);
    if (order == nullptr || amended_.contains(id)) return;
    Pieces here;
    const bool read = sql().each(
        "SELECT l.sku, l.quantity FROM p_line l JOIN p_order o USING(ord) WHERE o.id = ?1", {id},
        [&](const Row& row) { here[row.str(0)] += row.integer(1); });
    if (!read) {
      unseen_.insert(id);
      return;
    }
    const auto wanted = Recipes::in_pieces(*order, order->lines);
    if (here == wanted) return;
    std::string what;
    for (const auto& [sku, pieces] : wanted) {
      if (here[sku] != pieces) {
        what += " " + std::to_string(here[sku]) + " x " + sku + " instead of " +
                std::to_string(pieces) + ";";
      }
    }
    say(out, "Order " + id + " has other pieces than its kits were made of:" + what);
  }

  void on_asked(const ChannelAsked& asked, std::vector<Violation>& out) {
    if (evidence_ == nullptr || asked.body.find("stock.figure") == std::string::npos) return;
    boost::system::error_code failed;
    const auto body = json::parse(asked.body, failed);
    const auto* figure =
        failed || !body.is_object() ? nullptr : body.get_object().if_contains("stock");
    if (figure == nullptr) return;
    const auto& in = figure->as_object();
    const std::string sku(in.at("sku").as_string()), location(in.at("location").as_string());
    const auto site = sites_.find(location);
    if (site == sites_.end() || !recipes_.ever_kit(sku)) return;
    if (!sql().open(evidence_->server_db(), evidence_->vfs())) return;
    const auto can = makes(sku, site->second);
    const auto told = in.at("available").as_int64();
    if (!can || told <= *can) return;
    say(out, asked.channel + " is told " + std::to_string(told) + " of kit " + sku + " at " +
                 site->second + "; the free pieces of its parts make " + std::to_string(*can) +
                 ".");
  }

  // By the recipe as it is in the books now: this reads ahead of the log.
  [[nodiscard]] std::optional<std::int64_t> makes(const std::string& sku, const std::string& site) {
    KitParts kits;
    if (!kits.read(sql())) return std::nullopt;
    std::optional<std::int64_t> out;
    for (const auto& [part, each] : kits.parts_of(sku)) {
      std::int64_t free = 0;
      const bool read =
          sql().each("SELECT quantity FROM p_balance WHERE sku = ?1 AND place = ?2",
                     {part, site + "/shelf"}, [&](const Row& row) { free += row.integer(0); }) &&
          sql().each("SELECT sum(quantity) FROM p_reservation WHERE sku = ?1 AND site = ?2",
                     {part, site}, [&](const Row& row) { free -= row.integer(0); });
      if (!read) return std::nullopt;
      const auto made = std::max<std::int64_t>(0, free) / each;
      out = out ? std::min(*out, made) : made;
    }
    return out;
  }

  void last(const Evidence& evidence, std::vector<Violation>& out) override {
    const auto waiters = evidence.tell_at_handover();
    for (const auto& [id, order] : recipes_.orders()) {
      const auto channel = id.substr(0, id.find(':'));
      whole(id, out);
      if (unclear_.contains(id) || waiters.contains(channel) || channel == "api") continue;
      told_whole(id, order, out);
    }
  }

  // Of a kit whose parts are in no other line: as many as lie whole in the boxes.
  void told_whole(const std::string& id, const Recipes::Order& order, std::vector<Violation>& out) {
    if (order.parts.size() != 1 || order.lines.size() != 1) return;
    Pieces packed;
    const bool read = sql().each(
        "SELECT p.sku, p.accepted FROM p_parcel p JOIN p_lease b USING(lease) JOIN p_order o "
        "USING(ord) WHERE o.id = ?1 AND b.state = 'done'",
        {id}, [&](const Row& row) { packed[row.str(0)] += row.integer(1); });
    if (!read) return;
    const auto& [kit, parts] = *order.parts.begin();
    std::int64_t whole = order.lines.at(kit);
    for (const auto& [part, each] : parts) whole = std::min(whole, packed[part] / each);
    const auto told = told_.find({id, kit});
    const auto heard = told == told_.end() ? 0 : told->second;
    if (heard == whole) return;
    say(out, "The channel of " + id + " was told that " + std::to_string(heard) + " x " + kit +
                 " left; whole in its boxes are " + std::to_string(whole) + ".");
  }

  const Evidence* evidence_ = nullptr;
  std::map<std::string, std::string> sites_;
  Recipes recipes_;
  std::set<std::string> unseen_, amended_;  // orders
  std::set<std::string> unclear_;           // what their shop knows is a person's to say
  std::map<std::pair<std::string, std::string>, std::int64_t> told_;  // order, SKU: pieces
  std::vector<std::string> problems_;
};

}  // namespace

OneChecker make_kits(std::shared_ptr<Log> log) { return std::make_unique<Kits>(std::move(log)); }

}  // namespace dockline::sim
