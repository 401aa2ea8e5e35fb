#include "server/store/outbox_table.hpp"

namespace dockline::server::store {

using base::Fault;

OutboxTable::OutboxTable(sqlite::Db& db)
    : rows_(db.prepare("SELECT id, channel, kind, key, subject, payload, state, attempts, next_ms, "
                       "created_ms, express, caused_ms, last_error FROM outbox ORDER BY id")),
      put_(db.prepare(
          "INSERT OR REPLACE INTO outbox(id, channel, kind, key, subject, payload, state, "
          "attempts, next_ms, created_ms, express, caused_ms, last_error) "
          "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")),
      remove_(db.prepare("DELETE FROM outbox WHERE id = ?1")),
      cursor_(db.prepare("SELECT value FROM cursor WHERE name = ?1")),
      set_cursor_(db.prepare("INSERT OR REPLACE INTO cursor(name, value) VALUES(?1, ?2)")) {}

base::Result<std::vector<publish::Row>> OutboxTable::outbox_rows() {
  std::vector<publish::Row> rows;
  rows_.bind();
  for (;;) {
    auto there = rows_.step();
    if (!there) return base::pass(there.error());
    if (!*there) return rows;
    const auto kind = publish::row_kind(rows_.text(2));
    const auto state = publish::row_state(rows_.text(6));
    if (!kind || !state) {
      return base::fail(Fault::corrupt, "outbox row " + std::to_string(rows_.integer(0)) +
                                            " has kind \"" + rows_.str(2) + "\" and state \"" +
                                            rows_.str(6) + "\". Restore the newest backup");
    }
    publish::Row row;
    row.id = rows_.integer(0);
    row.channel = rows_.str(1);
    row.kind = *kind;
    row.key = rows_.str(3);
    row.subject = rows_.str(4);
    row.payload = rows_.str(5);
    row.state = *state;
    row.attempts = rows_.integer(7);
    row.next_ms = rows_.integer(8);
    row.created_ms = rows_.integer(9);
    row.express = rows_.integer(10) != 0;
    row.caused_ms = rows_.integer(11);
    row.last_error = rows_.str(12);
    rows.push_back(std::move(row));
  }
}

base::Status OutboxTable::outbox_put(const publish::Row& row) {
  return put_
      .bind(row.id, row.channel, publish::name(row.kind), row.key, row.subject, row.payload,
            publish::name(row.state), row.attempts, row.next_ms, row.created_ms, row.express,
            row.caused_ms, row.last_error)
      .run();
}

base::Status OutboxTable::outbox_remove(std::int64_t id) { return remove_.bind(id).run(); }

base::Result<std::string> OutboxTable::cursor(const std::string& name) {
  auto there = cursor_.bind(name).step();
  if (!there) return base::pass(there.error());
  std::string value = *there ? cursor_.str(0) : std::string{};
  cursor_.reset();
  return value;
}

base::Status OutboxTable::set_cursor(const std::string& name, const std::string& value) {
  return set_cursor_.bind(name, value).run();
}

}  // namespace dockline::server::store
