// A new incarnation (PROTOCOL.md section 8).
#include <algorithm>
#include <utility>

#include "shared/base/plant.hpp"
#include "shared/sync/sender.hpp"

namespace dockline::sync {
namespace {

namespace limits = base::limits;
using base::Fault;
using base::Instant;
using base::Status;

constexpr std::size_t kRenumberPage = 512;  // rows per read

}  // namespace

Status Sender::fork(Instant now, ForkReason reason, const Ack& ack, SenderOut& out) {
  Forked notice{.old_inc = head_.inc,
                .new_inc = base::uuid4(*prng_),
                .reason = reason,
                .old_base = head_.base.through,
                .old_last = head_.last.through,
                .receiver_through = ack.cursor.through};
  head_.gone.insert(head_.gone.begin(),
                    {head_.inc, std::max(head_.base.through, ack.cursor.through)});
  if (head_.gone.size() > limits::kGoneMax) {
    head_.gone.pop_back();
    notice.gone_list_full = true;
  }
  end_snapshot();
  if (PLANT("drop-last-batch-on-new-incarnation")) {
    head_.base.through = std::min(ack.cursor.through, last());
    if (auto ok = store_->erase(head_.base.through); !ok) return ok;
  }
  if (auto ok = begin_anew(notice.new_inc); !ok) return ok;
  acked_ = safe_ = single_through_ = 0;
  reopens_ = 0;
  fork_why_ = name(reason);
  send_open(now, fork_why_, out);
  out.notices.emplace_back(std::move(notice));
  return {};
}

// Down, with snapshots: the receiver may hold facts of a future that this store has lost, so rows
// alone would not undo them. The state itself goes, and all rows are in it.
Status Sender::begin_anew(const std::string& inc) {
  if (options_.snapshots == nullptr) return renumber_all(inc);
  if (auto ok = store_->erase(last()); !ok) return ok;
  head_.inc = inc;
  head_.base = head_.last = {0, chain_start(inc)};
  if (auto ok = require_snapshot(); !ok) return ok;
  ask_again_ = false;  // the caller opens
  return {};
}

// All retained rows, acked ones too: the ack counted another history.
Status Sender::renumber_all(const std::string& inc) {
  const Seq old_base = head_.base.through;
  Chain chain = chain_start(inc);
  const Cursor base{0, chain};
  std::vector<Chain> page;
  for (Seq done = old_base; done < last();) {
    page.clear();
    const Seq most = std::min(last(), done + kRenumberPage);
    const auto each = [&](const OutRow& row) {
      if (row.seq != done + page.size() + 1) return false;
      chain = chain_next(chain, row.bytes);
      page.push_back(chain);
      return true;
    };
    if (auto ok = store_->read(done + 1, most, each); !ok) return ok;
    if (page.size() != most - done) {
      return base::fail(Fault::corrupt, "outbox has no row after " + std::to_string(done) +
                                            "; restore the store from its newest copy");
    }
    for (const Chain& c : page) {
      ++done;
      if (auto ok = store_->renumber(done, done - old_base, c); !ok) return ok;
    }
  }
  head_.inc = inc;
  head_.base = base;
  head_.last = {last() - old_base, chain};
  head_dirty_ = true;
  return {};
}

}  // namespace dockline::sync
