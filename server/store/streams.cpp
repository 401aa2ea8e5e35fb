#include "server/store/streams.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>

namespace dockline::server::store {
namespace {

using base::Fault;
using sqlite::Statement;
using sync::Chain;

std::string_view bytes_of(const Chain& chain) {
  return {reinterpret_cast<const char*>(chain.data()), chain.size()};
}

base::Result<Chain> chain_of(std::string_view bytes) {
  Chain chain{};
  if (bytes.size() != chain.size()) {
    return base::fail(Fault::corrupt, "a stored chain has " + std::to_string(bytes.size()) +
                                          " bytes. Restore the newest backup");
  }
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(chain.data()));
  return chain;
}

class InStore final : public sync::ReceiverStore {
 public:
  InStore(sqlite::Db& db, std::string site, std::string station)
      : site_(std::move(site)),
        station_(std::move(station)),
        load_(db.prepare("SELECT inc, through, chain, boot, nonce, gap_through, safe, closed FROM "
                         "stream_in WHERE site = ?1 AND station = ?2 ORDER BY place")),
        put_(db.prepare(
            "INSERT INTO stream_in(site, station, inc, place, through, chain, boot, nonce, "
            "gap_through, safe, closed) VALUES(?1, ?2, ?3, (SELECT count(*) + 1 FROM stream_in "
            "WHERE site = ?1 AND station = ?2), ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
            "ON CONFLICT(site, station, inc) DO UPDATE SET through = ?4, chain = ?5, boot = ?6, "
            "nonce = ?7, gap_through = ?8, safe = ?9, closed = ?10")) {}

  base::Result<std::vector<sync::InRow>> load() override {
    std::vector<sync::InRow> rows;
    load_.bind(site_, station_);
    for (;;) {
      auto there = load_.step();
      if (!there) return base::pass(there.error());
      if (!*there) return rows;
      auto chain = chain_of(load_.blob(2));
      if (!chain) return base::pass(chain.error());
      sync::InRow row;
      row.inc = load_.str(0);
      row.cursor = {static_cast<sync::Seq>(load_.integer(1)), *chain};
      row.process = {static_cast<std::uint64_t>(load_.integer(3)),
                     static_cast<std::uint64_t>(load_.integer(4))};
      row.gap_through = static_cast<sync::Seq>(load_.integer(5));
      row.safe = static_cast<sync::Seq>(load_.integer(6));
      row.closed = load_.integer(7) != 0;
      rows.push_back(std::move(row));
    }
  }

  base::Status put(const sync::InRow& row) override {
    return put_
        .bind(site_, station_, row.inc, row.cursor.through,
              Statement::blob_of(bytes_of(row.cursor.chain)), row.process.boot, row.process.nonce,
              row.gap_through, row.safe, row.closed)
        .run();
  }

 private:
  std::string site_, station_;
  Statement load_, put_;
};

std::string gone_text(const std::vector<sync::Gone>& gone) {
  std::string text;
  for (const auto& g : gone) text += g.inc + " " + std::to_string(g.through) + "\n";
  return text;
}

std::vector<sync::Gone> gone_of(const std::string& text) {
  std::vector<sync::Gone> gone;
  std::istringstream in(text);
  sync::Gone g;
  while (in >> g.inc >> g.through) gone.push_back(g);
  return gone;
}

class OutStore final : public sync::SenderStore {
 public:
  OutStore(sqlite::Db& db, std::string site, std::string station)
      : site_(std::move(site)),
        station_(std::move(station)),
        head_(db.prepare("SELECT inc, base, base_chain, last, last_chain, gone, peer_boot FROM "
                         "stream_out WHERE site = ?1 AND station = ?2")),
        put_(db.prepare("INSERT OR REPLACE INTO stream_out(site, station, inc, base, base_chain, "
                        "last, last_chain, gone, peer_boot) "
                        "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")),
        append_(
            db.prepare("INSERT INTO stream_out_row(site, station, seq, id, bytes, chain, at_ms) "
                       "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")),
        chain_(db.prepare("SELECT chain FROM stream_out_row WHERE site = ?1 AND station = ?2 AND "
                          "seq = ?3")),
        read_(db.prepare("SELECT seq, id, bytes, chain, at_ms FROM stream_out_row WHERE site = ?1 "
                         "AND station = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq")),
        erase_(db.prepare("DELETE FROM stream_out_row WHERE site = ?1 AND station = ?2 AND "
                          "seq <= ?3")),
        renumber_(db.prepare("UPDATE stream_out_row SET seq = ?4, chain = ?5 WHERE site = ?1 AND "
                             "station = ?2 AND seq = ?3")) {}

  base::Result<std::optional<sync::SenderHead>> head() override {
    auto there = head_.bind(site_, station_).step();
    if (!there) return base::pass(there.error());
    if (!*there) return std::optional<sync::SenderHead>{};
    auto base_chain = chain_of(head_.blob(2));
    auto last_chain = chain_of(head_.blob(4));
    if (!base_chain) return base::pass(base_chain.error());
    if (!last_chain) return base::pass(last_chain.error());
    sync::SenderHead head;
    head.inc = head_.str(0);
    head.base = {static_cast<sync::Seq>(head_.integer(1)), *base_chain};
    head.last = {static_cast<sync::Seq>(head_.integer(3)), *last_chain};
    head.gone = gone_of(head_.str(5));
    head.peer_boot = static_cast<std::uint64_t>(head_.integer(6));
    head_.reset();
    return std::optional(std::move(head));
  }

  base::Status put_head(const sync::SenderHead& head) override {
    const std::string gone = gone_text(head.gone);
    return put_
        .bind(site_, station_, head.inc, head.base.through,
              Statement::blob_of(bytes_of(head.base.chain)), head.last.through,
              Statement::blob_of(bytes_of(head.last.chain)), gone, head.peer_boot)
        .run();
  }

  base::Status append(const sync::OutRow& row) override {
    return append_
        .bind(site_, station_, row.seq, row.id, Statement::blob_of(row.bytes),
              Statement::blob_of(bytes_of(row.chain)), row.at_ms)
        .run();
  }

  base::Result<Chain> chain_at(sync::Seq seq) override {
    auto there = chain_.bind(site_, station_, seq).step();
    if (!there) return base::pass(there.error());
    if (!*there) {
      return base::fail(Fault::corrupt, "row " + std::to_string(seq) + " of the stream to " +
                                            site_ + "/" + station_ +
                                            " is missing. Restore the newest backup");
    }
    auto chain = chain_of(chain_.blob(0));
    chain_.reset();
    return chain;
  }

  base::Status read(sync::Seq first, sync::Seq last,
                    const std::function<bool(const sync::OutRow&)>& each) override {
    read_.bind(site_, station_, first, last);
    for (;;) {
      auto there = read_.step();
      if (!there) return base::pass(there.error());
      if (!*there) return {};
      auto chain = chain_of(read_.blob(3));
      if (!chain) return base::pass(chain.error());
      const sync::OutRow row{static_cast<sync::Seq>(read_.integer(0)), read_.text(1), read_.blob(2),
                             *chain, read_.integer(4)};
      if (!each(row)) {
        read_.reset();
        return {};
      }
    }
  }

  base::Status erase(sync::Seq through) override {
    return erase_.bind(site_, station_, through).run();
  }
  base::Status renumber(sync::Seq from, sync::Seq to, const Chain& chain) override {
    return renumber_.bind(site_, station_, from, to, Statement::blob_of(bytes_of(chain))).run();
  }

 private:
  std::string site_, station_;
  Statement head_, put_, append_, chain_, read_, erase_, renumber_;
};

}  // namespace

std::unique_ptr<sync::ReceiverStore> make_receiver_store(sqlite::Db& db, std::string site,
                                                         std::string station) {
  return std::make_unique<InStore>(db, std::move(site), std::move(station));
}

std::unique_ptr<sync::SenderStore> make_sender_store(sqlite::Db& db, std::string site,
                                                     std::string station) {
  return std::make_unique<OutStore>(db, std::move(site), std::move(station));
}

}  // namespace dockline::server::store
