#include "tests/sim/history/account.hpp"

#include <cstdlib>
#include <utility>

namespace dockline::sim {
namespace {

class Accountant {
 public:
  Accountant(const History& history, const TakenIn& taken) : history_(history), taken_(taken) {}

  Account take() {
    for (std::size_t n = 0; n < history_.slips.size(); ++n) {
      const auto& way = taken_.ways.at(n);
      if (way.empty()) {
        taken_in(history_.slips[n]);
      } else {
        bought(history_.slips[n], way);
      }
    }
    return std::move(out_);
  }

 private:
  void lose(std::string what) {
    ++out_.lost;
    out_.wrong.push_back(std::move(what));
  }

  // What a customer took off before we heard of the order need not be in it; the checker `units`
  // holds that against the shop's own list.
  void bought(const Slip& slip, const std::string& way) {
    const auto order = taken_.orders.find(way);
    for (const auto& line : slip.lines) {
      ++out_.shop_lines;
      out_.pieces_wanted += line.quantity;
      if (taken_.changed_minds.contains(way)) continue;
      const auto there = order == taken_.orders.end() ? 0 : pieces(order->second, line.sku);
      if (there == line.quantity) continue;
      lose("line " + line.sku + " of slip " + slip.number + ", sold as " + way + ", ordered " +
           std::to_string(line.quantity) + "; the order has " + std::to_string(there));
    }
  }

  void taken_in(const Slip& slip) {
    static const std::map<std::int64_t, std::string> kNone;
    const auto found = taken_.rows.find(slip.number);
    const auto& rows = found == taken_.rows.end() ? kNone : found->second;
    Pieces in_order;
    for (std::size_t i = 0; i < slip.lines.size(); ++i) {
      const auto row = rows.find(static_cast<std::int64_t>(i) + 1);
      if (row == rows.end()) {
        lose("line " + std::to_string(i + 1) + " of slip " + slip.number +
             " became nothing at all");
        continue;
      }
      ++out_.outcomes[row->second];
      const auto& line = slip.lines[i];
      const bool goods = history_.goods.contains(line.sku);
      if (row->second == "order" && goods) in_order[line.sku] += line.quantity;
    }
    const auto order = taken_.orders.find(taken_.office + ":" + slip.number);
    for (const auto& [sku, wanted] : in_order) {
      out_.pieces_wanted += wanted;
      const auto there = order == taken_.orders.end() ? 0 : pieces(order->second, sku);
      if (there == wanted) continue;
      lose("slip " + slip.number + " orders " + std::to_string(wanted) + " x " + sku +
           "; the order has " + std::to_string(there));
    }
  }

  static std::int64_t pieces(const Pieces& all, const std::string& sku) {
    const auto found = all.find(sku);
    return found == all.end() ? 0 : found->second;
  }

  const History& history_;
  const TakenIn& taken_;
  Account out_;
};

}  // namespace

Account account(const History& history, const TakenIn& taken) {
  return Accountant(history, taken).take();
}

std::int64_t oversold(const std::vector<Shelf>& shelves, std::vector<std::string>& wrong) {
  std::int64_t out = 0;
  for (const auto& shelf : shelves) {
    if (shelf.here < 0 && shelf.shown > 0) {
      out += shelf.shown;
      wrong.push_back(std::to_string(shelf.shown) + " of " + shelf.sku + " are shown at " +
                      shelf.site + ", " + std::to_string(shelf.here) + " are there");
    }
    const bool below = shelf.here < 0 && shelf.promised == 0;
    if (shelf.promised <= shelf.here || (below && shelf.asked)) continue;
    out += shelf.promised - shelf.here;
    wrong.push_back(std::to_string(shelf.promised) + " of " + shelf.sku + " are promised at " +
                    shelf.site + ", " + std::to_string(shelf.here) + " are there" +
                    (below ? " and nobody is asked about it" : ""));
  }
  return out;
}

Parcels parcels(const std::vector<Parcel>& all, std::vector<std::string>& wrong) {
  Parcels out;
  std::map<std::string, std::pair<std::int64_t, std::set<std::string>>> orders;
  for (const auto& one : all) {
    ++out.all;
    auto& [count, sites] = orders[one.order];
    ++count;
    sites.insert(one.site);
    const auto name = "parcel " + one.tracking + " of " + one.order;
    if (one.state == "handed_over" || one.state == "delivered") {
      ++out.handed_over;
    } else if (one.state != "waiting") {
      wrong.push_back(name + " is nowhere" + (one.state.empty() ? "" : ", it is " + one.state));
    } else if (one.stopped.empty()) {
      wrong.push_back(name + " stands at " + one.site + ", and nothing speaks against its leaving");
    } else {
      ++out.standing[one.stopped];
    }
  }
  out.orders = static_cast<std::int64_t>(orders.size());
  for (const auto& [order, has] : orders) {
    out.in_several += has.first > 1 ? 1 : 0;
    out.from_sites += has.second.size() > 1 ? 1 : 0;
  }
  return out;
}

std::int64_t adrift(const std::vector<Pile>& piles, std::vector<std::string>& wrong) {
  std::int64_t out = 0;
  for (const auto& pile : piles) {
    if (pile.books == pile.boxes) continue;
    out += std::abs(pile.books - pile.boxes);
    wrong.push_back(pile.what + ": " + std::to_string(pile.books) + " by the books, " +
                    std::to_string(pile.boxes) + " in the boxes");
  }
  return out;
}

}  // namespace dockline::sim
