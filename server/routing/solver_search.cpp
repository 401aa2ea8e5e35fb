// Branch and bound over who serves which SKU, rarest first. A node is a partial plan; its bound is
// what it costs so far and, for every SKU that no site in use can serve, the cheapest site that
// could, counted once for SKUs that have such a site in common. Both only grow on the way down, so
// a node that is not below the best plan cannot lead to a better one.
#include <algorithm>
#include <bit>

#include "server/routing/solver.hpp"

namespace dockline::server::routing {
namespace {

struct Option {
  Score entry;       // the least to serve this SKU from this site as its only load
  std::size_t kept;  // place in Kept::sites
  Quantity cap;
};

struct Branch {
  std::size_t demand = 0;
  Quantity target = 0;
  std::vector<Option> options;      // by entry
  std::vector<Quantity> from_here;  // caps of this option and all behind it
  std::uint64_t able = 0;           // sites that can serve it: whole, or a part where parts count
};

class Search {
 public:
  Search(const Problem& problem, const Kept& kept, Answer& best)
      : problem_(problem),
        kept_(kept),
        best_(best),
        further_(score_of(problem.further)),
        loads_(kept.sites.size()),
        scores_(kept.sites.size()) {
    for (std::size_t d = 0; d < problem.demands(); ++d) {
      if (problem.target[d] > 0) branches_.push_back(branch(d));
    }
    std::sort(branches_.begin(), branches_.end(), [](const Branch& a, const Branch& b) {
      const auto fewer = std::popcount(a.able) <=> std::popcount(b.able);
      return fewer != 0 ? fewer < 0 : a.demand < b.demand;
    });
    set_cash_floor();
  }

  void run() {
    open_ = kNoScore;
    down(0, 0, branches_.front().target, rest(0));
    best_.expanded = expanded_;
    best_.bound = std::min(open_, best_.plan.score);
  }

 private:
  [[nodiscard]] bool whole() const { return problem_.split == Split::lines; }

  Branch branch(std::size_t demand) {
    Branch made;
    made.demand = demand;
    made.target = problem_.target[demand];
    for (std::size_t k = 0; k < kept_.sites.size(); ++k) {
      const Quantity cap = std::min(problem_.cap(kept_.sites[k], demand), made.target);
      if (cap == 0 || (whole() && cap < made.target)) continue;
      const Load least = problem_.load_of(demand, whole() ? cap : 1);
      made.options.push_back({problem_.score(kept_.sites[k], least), k, cap});
      made.able |= std::uint64_t{1} << k;
    }
    std::sort(made.options.begin(), made.options.end(), [](const Option& a, const Option& b) {
      return a.entry != b.entry ? a.entry < b.entry : a.kept < b.kept;
    });
    made.from_here.assign(made.options.size() + 1, 0);
    for (std::size_t i = made.options.size(); i-- > 0;) {
      made.from_here[i] = made.from_here[i + 1] + made.options[i].cap;
    }
    return made;
  }

  // The least cash each site costs at all: a split beyond the limit ends early.
  void set_cash_floor() {
    if (!problem_.cash_limit) return;
    cash_floor_.assign(kept_.sites.size(), 0);
    std::int64_t lightest = INT64_MAX;
    for (const auto& b : branches_) {
      lightest = std::min(lightest, problem_.load_of(b.demand, 1).grams);
    }
    for (std::size_t k = 0; k < kept_.sites.size(); ++k) {
      const Able& able = problem_.sites[kept_.sites[k]];
      Minor least = kTermMax;
      for (std::size_t w = able.first_way; w < able.first_way + able.ways; ++w) {
        const Way& way = problem_.ways[w];
        least = std::min(least, way.once_cash + parcels_cost(way.tariff, lightest));
      }
      cash_floor_[k] = least + able.piece_cash;
    }
  }

  [[nodiscard]] bool served(const Branch& b) const {
    if ((b.able & used_) == 0) return false;
    if (whole()) return true;
    Quantity there = 0;
    for (const auto& option : b.options) {
      if ((used_ >> option.kept & 1U) != 0) there += option.cap;
      if (there >= b.target) return true;
    }
    return false;
  }

  // What the SKUs from `next` on cost at least on top.
  [[nodiscard]] Score rest(std::size_t next) const {
    Score most = 0, sum = 0;
    std::uint64_t claimed = 0;
    for (std::size_t n = next; n < branches_.size(); ++n) {
      const Branch& b = branches_[n];
      if (served(b)) continue;
      const std::uint64_t free = b.able & ~used_;
      if (free == 0 || (used_ != 0 && count_ >= problem_.sites_max)) return kNoScore;
      Score least = b.options.front().entry + (used_ != 0 ? further_ : 0);
      most = std::max(most, least);
      if ((free & claimed) != 0) continue;
      sum += least;
      claimed |= free;
    }
    return std::max(most, sum);
  }

  [[nodiscard]] bool too_dear_in_cash() const {
    return problem_.cash_limit && count_ > 1 && cash_ > *problem_.cash_limit;
  }

  void leaf() {
    if (total_ >= best_.plan.score) return;
    if (count_ > 1 && problem_.cash_limit && score_of(problem_, path_) == kNoScore) return;
    best_.plan.score = total_;
    best_.plan.shares = path_;
  }

  // Serves `left` pieces of branch n by its options from `from` on. `bound` is this node's own.
  void down(std::size_t n, std::size_t from, Quantity left, Score bound) {
    const Branch& b = branches_[n];
    for (std::size_t o = from; o < b.options.size() && b.from_here[o] >= left; ++o) {
      const Option& option = b.options[o];
      const bool fresh = (used_ >> option.kept & 1U) == 0;
      if (fresh) {
        if (count_ >= problem_.sites_max) continue;
        if (total_ + option.entry + (count_ > 0 ? further_ : 0) >= best_.plan.score) continue;
      }
      const Quantity most = std::min(option.cap, left);
      for (Quantity q = most; q > 0 && left - q <= b.from_here[o + 1]; --q) {
        if (whole() && q < left) break;
        if (expanded_ >= kExpandedMax) {
          open_ = std::min(open_, bound);
          return;
        }
        ++expanded_;
        step(n, o, left, q);
      }
    }
  }

  void step(std::size_t n, std::size_t o, Quantity left, Quantity q) {
    const Branch& b = branches_[n];
    const std::size_t k = b.options[o].kept;
    const auto used = used_;
    const Load load = loads_[k];
    const Score before = scores_[k], total = total_;
    const Minor cash = cash_;
    const Load more = problem_.load_of(b.demand, q);
    loads_[k] = {load.grams + more.grams, load.pieces + more.pieces};
    scores_[k] = problem_.score(kept_.sites[k], loads_[k]);
    total_ += scores_[k] - before;
    if (before == 0) {
      if (count_ > 0) total_ += further_;
      if (!cash_floor_.empty()) cash_ += cash_floor_[k] + (count_ > 0 ? problem_.further_cash : 0);
      used_ |= std::uint64_t{1} << k;
      ++count_;
    }
    path_.push_back({kept_.sites[k], b.demand, q});
    const Score more_to_come = too_dear_in_cash() ? kNoScore : rest(n + 1);
    if (more_to_come != kNoScore && total_ + more_to_come < best_.plan.score) {
      const Score bound = total_ + more_to_come;
      if (q < left) {
        down(n, o + 1, left - q, bound);
      } else if (n + 1 < branches_.size()) {
        down(n + 1, 0, branches_[n + 1].target, bound);
      } else {
        leaf();
      }
    }
    path_.pop_back();
    loads_[k] = load;
    scores_[k] = before;
    total_ = total;
    cash_ = cash;
    if (used_ != used) --count_;
    used_ = used;
  }

  const Problem& problem_;
  const Kept& kept_;
  Answer& best_;
  const Score further_;
  std::vector<Branch> branches_;
  std::vector<Load> loads_;
  std::vector<Score> scores_;  // 0: not in use
  std::vector<Minor> cash_floor_;
  std::vector<Share> path_;
  std::uint64_t used_ = 0;
  std::size_t count_ = 0;
  Score total_ = 0;
  Minor cash_ = 0;
  Score open_ = kNoScore;  // least bound of what was not looked at
  std::int64_t expanded_ = 0;
};

}  // namespace

void search(const Problem& problem, const Kept& kept, Answer& best) {
  Search(problem, kept, best).run();
}

}  // namespace dockline::server::routing
