#include "server/app/import_run.hpp"

#include <algorithm>

#include "server/app/intake.hpp"
#include "server/orders/intake.hpp"
#include "server/rulebook/rulebook.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server {
namespace {

using base::Fault;
namespace limits = base::limits;

constexpr std::int64_t kRowsPerStep = 400;      // rows of one turn: others must get their turn too
constexpr std::size_t kRowsPerFact = 300;       // so that an ImportRecorded fits into one fact
constexpr std::int64_t kExceptionsMax = 1'000;  // of one file; further broken rows are only listed

}  // namespace

std::string ImportRun::default_site() const {
  const auto first = std::min_element(
      core_.config.sites.begin(), core_.config.sites.end(), [](const auto& a, const auto& b) {
        return std::tie(a.priority, a.name) < std::tie(b.priority, b.name);
      });
  return first == core_.config.sites.end() ? std::string{} : first->name;
}

base::Result<std::string> ImportRun::start(const StartImport& c) {
  if (c.kind != "orders" && c.kind != "stock" && c.kind != "sites" &&
      !imports::is_entry_kind(c.kind)) {
    return base::fail(Fault::reject,
                      "kind: \"" + c.kind +
                          "\" is none; use orders, stock, items, barcodes, suppliers, "
                          "supplies, deliveries, counts or sites");
  }
  if (c.bytes.size() > limits::kImportBytesMax) {
    return base::fail(Fault::reject,
                      "the file has " + std::to_string(c.bytes.size()) + " bytes; at most " +
                          std::to_string(limits::kImportBytesMax) + " fit, split it");
  }
  if (auto ok = orders::check_text(c.name, "name", true); !ok) return base::pass(ok.error());
  if (busy()) {
    return base::fail(Fault::conflict, "import of " + job_->file + " is under way; wait for it");
  }
  store::ImportJob job{.id = core_.new_id(),
                       .kind = c.kind,
                       .file = c.name,
                       .fingerprint = base::to_hex(base::sha256(c.bytes)),
                       .channel = c.channel,
                       .site = c.site.empty() ? default_site() : c.site,
                       .currency = c.currency};
  job.started_ms = core_.now.wall_ms;
  core_.changed.insert("imports");
  // What a file says of sites holds until somebody says otherwise: taking it in again says it
  // again.
  const auto before = c.kind == "sites"
                          ? std::nullopt
                          : core_.store->own.done_job(c.kind, c.channel, job.fingerprint);
  if (before) {
    // The same bytes were taken in whole: nothing is left to do.
    job.state = "done";
    job.ended_ms = core_.now.wall_ms;
    job.lines = job.done = before->lines;
    core_.store->own.add_job(job, "");
    return job.id;
  }
  core_.store->own.add_job(job, c.bytes);
  const std::string id = job.id;
  if (auto ok = load(std::move(job)); !ok) return base::pass(ok.error());
  return id;
}

bool ImportRun::busy() {
  if (job_) return true;
  if (looked_) return false;
  looked_ = true;
  auto waiting = core_.store->own.running_job();
  if (!waiting) return false;
  return load(std::move(*waiting)).has_value() && job_.has_value();
}

base::Status ImportRun::load(store::ImportJob job) {
  const std::string bytes = core_.store->own.job_bytes(job.id);
  job_ = std::move(job);
  raised_ = 0;
  auto plan = job_->kind == "orders"  ? imports::plan_orders(bytes, {job_->channel, job_->currency})
              : job_->kind == "stock" ? imports::plan_stock(bytes)
              : job_->kind == "sites" ? imports::plan_sites(bytes, rulebook::site_keys().plain)
                                      : imports::plan_entries(job_->kind, bytes);
  if (!plan) return finish("failed", job_->file + ": " + plan.error().detail);
  plan_ = std::move(*plan);
  job_->lines = plan_.lines;
  core_.store->own.put(*job_);
  return core_.store->trouble();
}

base::Status ImportRun::finish(const std::string& state, const std::string& problem) {
  job_->state = state;
  job_->problem = problem;
  job_->ended_ms = core_.now.wall_ms;
  core_.store->own.put(*job_);
  core_.changed.insert("imports");
  job_.reset();
  plan_ = {};
  return core_.store->trouble();
}

base::Status ImportRun::step() {
  if (!busy()) return core_.store->trouble();
  const std::int64_t written = core_.written;
  std::int64_t rows = 0;
  auto at = static_cast<std::size_t>(job_->unit);
  for (; at < plan_.units.size() && rows < kRowsPerStep; ++at) {
    const auto& next = plan_.units[at];
    rows += static_cast<std::int64_t>(next.rows.size());
    if (auto ok = unit(next); !ok) return ok;
  }
  // What became of the rows is bookkeeping, not a change of orders or stock.
  job_->changes += core_.written - written;
  if (auto ok = flush_rows(); !ok) return ok;
  job_->unit = static_cast<std::int64_t>(at);
  job_->done += rows;
  if (at >= plan_.units.size()) return finish("done", "");
  core_.store->own.put(*job_);
  core_.changed.insert("imports");
  return core_.store->trouble();
}

base::Status ImportRun::unit(const imports::Unit& u) {
  switch (u.kind) {
    case imports::UnitKind::order:
      return order(u);
    case imports::UnitKind::cancellation:
      return cancellation(u);
    case imports::UnitKind::adjustment:
      return adjustment(u);
    case imports::UnitKind::stock:
      return stock(u);
    case imports::UnitKind::entry:
      return entry(u);
    case imports::UnitKind::broken:
      for (const auto row : u.rows) reject(row, u.key, u.why);
      return {};
  }
  return {};
}

void ImportRun::outcome(std::int64_t row, std::string what, std::string subject, std::string why) {
  wire::ImportedRow out{row, std::move(what), std::move(subject), std::nullopt};
  if (!why.empty()) out.why = base::printable(why, 300);
  rows_.push_back(std::move(out));
}

void ImportRun::reject(std::int64_t row, const std::string& key, const std::string& why) {
  const std::string id = id_of(key + "|exception");
  const std::string subject = job_->file + ":" + std::to_string(row);
  if (!core_.store->log.has(id)) {
    if (++raised_ <= kExceptionsMax) {
      core_.raise("import_row", subject,
                  "Row " + std::to_string(row) + " of " + job_->file + ": " + why + ".",
                  "Import " + job_->id, {}, id);
    } else {
      core_.raise("import_row", job_->file,
                  "More than " + std::to_string(kExceptionsMax) + " rows of " + job_->file +
                      " could not be used.",
                  "All of them are listed with the import " + job_->id);
    }
  }
  outcome(row, "exception", id, why);
}

base::Status ImportRun::order(const imports::Unit& u) {
  const std::string origin = "import:" + job_->file;
  for (const auto& line : u.order.lines) {
    if (core_.store->stock.has_item(line.sku)) continue;
    const auto named = plan_.titles.find(line.sku);
    const std::string title = named == plan_.titles.end() ? line.sku : named->second;
    auto made = take_item(core_, {line.sku, title, std::nullopt, {}, std::nullopt}, origin);
    if (made || made.error().fault == Fault::reject) continue;  // the order says what is wrong
    return base::pass(made.error());
  }
  auto order = u.order;
  const auto taken = take_order(core_, order, origin);
  if (!taken && taken.error().fault != Fault::reject) return base::pass(taken.error());
  if (taken && *taken != Taken::differs) {
    for (const auto row : u.rows) outcome(row, "order", order.order);
    return {};
  }
  const std::string why =
      taken ? "order " + u.order.number + " is there already with other goods; it stays as it is"
            : "order " + u.order.number + ": " + taken.error().detail;
  // One exception for the order, named at its first row; all its rows point to it.
  const std::string key = taken ? u.key + "|" + job_->fingerprint : u.key;
  reject(u.rows.front(), key, why);
  for (std::size_t i = 1; i < u.rows.size(); ++i) {
    outcome(u.rows[i], "exception", id_of(key + "|exception"), why);
  }
  return {};
}

// To the newest earlier orders of the same customer that still hold pieces of the SKU.
base::Status ImportRun::cancellation(const imports::Unit& u) {
  const auto row = u.rows.front();
  if (const auto known = core_.store->log.body_of(id_of(u.key + "|0"))) {
    const auto event = wire::decode(*known);
    outcome(row, "cancellation", event ? event->subject : "");
    return {};
  }
  const std::int64_t until = u.placed_ms == 0 ? core_.now.wall_ms : u.placed_ms;
  auto left = u.quantity;
  std::vector<wire::OrderCancelled> parts;
  for (const auto& open : core_.store->orders.open_of(job_->channel, u.customer, u.sku, until)) {
    if (left == 0) break;
    const auto pieces = std::min(left, open.pieces);
    left -= pieces;
    if (parts.empty() || parts.back().order != open.order) {
      parts.push_back({open.order, {}, "cancelled by " + u.number});
    }
    parts.back().lines.push_back({open.line, pieces});
  }
  if (left > 0) {
    reject(row, u.key,
           "cancellation " + u.number + " of " + std::to_string(u.quantity) + " x " + u.sku +
               " for customer " + u.customer +
               " matches no earlier order with so many open pieces");
    return {};
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto done = cancel_order(core_, parts[i], id_of(u.key + "|" + std::to_string(i)));
    if (!done) return base::pass(done.error());
  }
  outcome(row, "cancellation", parts.front().order);
  return {};
}

base::Status ImportRun::adjustment(const imports::Unit& u) {
  const auto row = u.rows.front();
  const std::string id = id_of(u.key);
  if (core_.store->log.has(id)) {
    outcome(row, "adjustment", u.sku);
    return {};
  }
  if (job_->site.empty()) {
    reject(row, u.key, "no site is configured to correct the stock of");
    return {};
  }
  if (!core_.store->stock.has_item(u.sku)) {
    const auto named = plan_.titles.find(u.sku);
    const auto made = take_item(core_,
                                {u.sku,
                                 named == plan_.titles.end() ? u.sku : named->second,
                                 std::nullopt,
                                 {},
                                 std::nullopt},
                                "import:" + job_->file);
    if (!made && made.error().fault != Fault::reject) return base::pass(made.error());
    if (!made) {
      reject(row, u.key, made.error().detail);
      return {};
    }
  }
  const std::string shelf = ledger::shelf(job_->site);
  const std::string other(ledger::kAdjustment);
  wire::StockMoved move{u.sku, std::abs(u.quantity), u.quantity > 0 ? other : shelf,
                        u.quantity > 0 ? shelf : other, u.reason};
  const auto kept = core_.record(std::move(move),
                                 {.subject = u.sku, .correlation = {}, .causation = {}, .id = id});
  if (!kept) return base::pass(kept.error());
  outcome(row, "adjustment", u.sku);
  return {};
}

base::Status ImportRun::flush_rows() {
  for (std::size_t from = 0; from < rows_.size(); from += kRowsPerFact) {
    const auto to = std::min(rows_.size(), from + kRowsPerFact);
    wire::ImportRecorded fact{job_->file, job_->fingerprint, {}};
    fact.rows.assign(rows_.begin() + static_cast<std::ptrdiff_t>(from),
                     rows_.begin() + static_cast<std::ptrdiff_t>(to));
    const auto kept = core_.record(std::move(fact), {.subject = job_->file});
    if (!kept) return base::pass(kept.error());
  }
  rows_.clear();
  return {};
}

}  // namespace dockline::server
