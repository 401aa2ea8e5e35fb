#include "agent/store/streams.hpp"

#include <algorithm>
#include <charconv>

namespace dockline::agent::store {
namespace {

using base::Fault;
using sqlite::Statement;
using sync::Chain;
using sync::Seq;

std::string_view view_of(const Chain& chain) {
  return {reinterpret_cast<const char*>(chain.data()), chain.size()};
}

base::Status read_chain(std::string_view blob, Chain& out) {
  if (blob.size() != out.size()) {
    return base::fail(Fault::corrupt, "agent.db: a chain of " + std::to_string(blob.size()) +
                                          " bytes; restore a backup");
  }
  std::copy(blob.begin(), blob.end(), reinterpret_cast<char*>(out.data()));
  return {};
}

std::string gone_text(const std::vector<sync::Gone>& gone) {
  std::string out;
  for (const auto& g : gone) {
    if (!out.empty()) out += ',';
    out += g.inc + ":" + std::to_string(g.through);
  }
  return out;
}

std::vector<sync::Gone> read_gone(std::string_view text) {
  std::vector<sync::Gone> out;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto part = text.substr(0, comma);
    const auto colon = part.find(':');
    sync::Gone gone{std::string(part.substr(0, colon)), 0};
    if (colon != std::string_view::npos) {
      std::from_chars(part.data() + colon + 1, part.data() + part.size(), gone.through);
    }
    out.push_back(std::move(gone));
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  return out;
}

Seq seq_of(const Statement& s, int column) { return static_cast<Seq>(s.integer(column)); }

}  // namespace

UpStore::UpStore(sqlite::Db& db)
    : head_(db.prepare("SELECT up_inc, up_base, up_base_chain, up_last, up_last_chain, up_gone, "
                       "up_peer_boot FROM live WHERE id = 1 AND up_inc IS NOT NULL")),
      put_head_(db.prepare("UPDATE live SET up_inc = ?1, up_base = ?2, up_base_chain = ?3, "
                           "up_last = ?4, up_last_chain = ?5, up_gone = ?6, up_peer_boot = ?7 "
                           "WHERE id = 1")),
      append_(db.prepare("INSERT INTO up_row(seq, event_id, bytes, chain, at_ms) "
                         "VALUES(?1, ?2, ?3, ?4, ?5)")),
      chain_at_(db.prepare("SELECT chain FROM up_row WHERE seq = ?1")),
      read_(db.prepare("SELECT seq, event_id, bytes, chain, at_ms FROM up_row "
                       "WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq")),
      erase_(db.prepare("DELETE FROM up_row WHERE seq <= ?1")),
      renumber_(db.prepare("UPDATE up_row SET seq = ?2, chain = ?3 WHERE seq = ?1")) {}

base::Result<std::optional<sync::SenderHead>> UpStore::head() {
  auto row = head_.bind().step();
  if (!row) return base::pass(row.error());
  if (!*row) return std::optional<sync::SenderHead>{};
  sync::SenderHead out;
  out.inc = head_.str(0);
  out.base.through = seq_of(head_, 1);
  out.last.through = seq_of(head_, 3);
  out.gone = read_gone(head_.text(5));
  out.peer_boot = static_cast<std::uint64_t>(head_.integer(6));
  if (auto ok = read_chain(head_.blob(2), out.base.chain); !ok) return base::pass(ok.error());
  if (auto ok = read_chain(head_.blob(4), out.last.chain); !ok) return base::pass(ok.error());
  head_.reset();
  return out;
}

base::Status UpStore::put_head(const sync::SenderHead& head) {
  const std::string gone = gone_text(head.gone);
  return put_head_
      .bind(head.inc, head.base.through, Statement::blob_of(view_of(head.base.chain)),
            head.last.through, Statement::blob_of(view_of(head.last.chain)), gone, head.peer_boot)
      .run();
}

base::Status UpStore::append(const sync::OutRow& row) {
  return append_
      .bind(row.seq, row.id, Statement::blob_of(row.bytes), Statement::blob_of(view_of(row.chain)),
            row.at_ms)
      .run();
}

base::Result<Chain> UpStore::chain_at(Seq seq) {
  auto row = chain_at_.bind(seq).step();
  if (!row) return base::pass(row.error());
  if (!*row) {
    return base::fail(Fault::corrupt, "agent.db: row " + std::to_string(seq) +
                                          " of the outbox is missing; restore a backup");
  }
  Chain out{};
  if (auto ok = read_chain(chain_at_.blob(0), out); !ok) return base::pass(ok.error());
  chain_at_.reset();
  return out;
}

base::Status UpStore::read(Seq first, Seq last,
                           const std::function<bool(const sync::OutRow&)>& each) {
  read_.bind(first, last);
  for (;;) {
    auto row = read_.step();
    if (!row) return base::pass(row.error());
    if (!*row) return {};
    sync::OutRow out{seq_of(read_, 0), read_.text(1), read_.blob(2), {}, read_.integer(4)};
    if (auto ok = read_chain(read_.blob(3), out.chain); !ok) return ok;
    if (!each(out)) {
      read_.reset();
      return {};
    }
  }
}

base::Status UpStore::erase(Seq through) { return erase_.bind(through).run(); }

base::Status UpStore::renumber(Seq from, Seq to, const Chain& chain) {
  return renumber_.bind(from, to, Statement::blob_of(view_of(chain))).run();
}

DownStore::DownStore(sqlite::Db& db)
    : load_(db.prepare("SELECT inc, through, chain, boot, nonce, gap_through, safe, closed "
                       "FROM down_cursor ORDER BY place")),
      put_(
          db.prepare("INSERT INTO down_cursor(inc, through, chain, boot, nonce, gap_through, safe, "
                     "closed) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT(inc) DO UPDATE "
                     "SET through = excluded.through, chain = excluded.chain, "
                     "boot = excluded.boot, nonce = excluded.nonce, "
                     "gap_through = excluded.gap_through, safe = excluded.safe, "
                     "closed = excluded.closed")) {}

base::Result<std::vector<sync::InRow>> DownStore::load() {
  std::vector<sync::InRow> out;
  load_.bind();
  for (;;) {
    auto row = load_.step();
    if (!row) return base::pass(row.error());
    if (!*row) return out;
    auto& r = out.emplace_back();
    r.inc = load_.str(0);
    r.cursor.through = seq_of(load_, 1);
    if (auto ok = read_chain(load_.blob(2), r.cursor.chain); !ok) return base::pass(ok.error());
    r.process = {static_cast<std::uint64_t>(load_.integer(3)),
                 static_cast<std::uint64_t>(load_.integer(4))};
    r.gap_through = seq_of(load_, 5);
    r.safe = seq_of(load_, 6);
    r.closed = load_.integer(7) != 0;
  }
}

base::Status DownStore::put(const sync::InRow& r) {
  return put_
      .bind(r.inc, r.cursor.through, Statement::blob_of(view_of(r.cursor.chain)), r.process.boot,
            r.process.nonce, r.gap_through, r.safe, r.closed)
      .run();
}

}  // namespace dockline::agent::store
