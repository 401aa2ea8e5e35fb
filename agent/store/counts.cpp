#include "agent/store/counts.hpp"

#include <vector>

#include "shared/wire/event.hpp"

namespace dockline::agent::store {

using sqlite::Statement;

CountTasks::CountTasks(sqlite::Db& db)
    : db_(&db),
      take_(db.prepare("INSERT INTO count_task(task, state, document) VALUES(?1, 'open', ?2)")),
      known_(db.prepare("SELECT 1 FROM count_task WHERE task = ?1")),
      answered_(db.prepare("UPDATE count_task SET state = 'answered' WHERE task = ?1")),
      drop_(db.prepare("DELETE FROM count_task WHERE task = ?1")),
      all_(db.prepare("SELECT task FROM count_task ORDER BY id")),
      find_(db.prepare("SELECT document FROM count_task WHERE task = ?1 AND state = 'open'")),
      next_(db.prepare("SELECT document FROM count_task WHERE state = 'open' ORDER BY id LIMIT 1")),
      waiting_(db.prepare("SELECT count(*) FROM count_task WHERE state = 'open'")) {}

base::Result<bool> CountTasks::take(std::string_view task, std::string_view document) {
  auto row = known_.bind(task).step();
  if (!row) return base::pass(row.error());
  known_.reset();
  if (*row) return false;
  if (auto ok = take_.bind(task, Statement::blob_of(document)).run(); !ok) {
    return base::pass(ok.error());
  }
  return true;
}

base::Status CountTasks::answered(std::string_view task) { return answered_.bind(task).run(); }
base::Status CountTasks::drop(std::string_view task) { return drop_.bind(task).run(); }

base::Status CountTasks::keep_only(const std::set<std::string>& tasks) {
  std::vector<std::string> gone;
  all_.bind();
  for (;;) {
    auto row = all_.step();
    if (!row) return base::pass(row.error());
    if (!*row) break;
    if (auto task = all_.str(0); !tasks.contains(task)) gone.push_back(std::move(task));
  }
  for (const auto& task : gone) {
    if (auto ok = drop(task); !ok) return ok;
  }
  return {};
}

base::Result<std::optional<wire::CountAsked>> CountTasks::read(Statement& query) {
  auto row = query.step();
  if (!row) return base::pass(row.error());
  if (!*row) return std::optional<wire::CountAsked>{};
  auto event = wire::decode(query.blob(0));
  query.reset();
  if (!event || !std::holds_alternative<wire::CountAsked>(event->data)) {
    return base::fail(base::Fault::corrupt,
                      db_->path() + ": a kept question for a count cannot be read");
  }
  return std::optional(std::get<wire::CountAsked>(std::move(event->data)));
}

base::Result<std::optional<wire::CountAsked>> CountTasks::find(std::string_view task) {
  find_.bind(task);
  return read(find_);
}

base::Result<std::optional<wire::CountAsked>> CountTasks::next() {
  next_.bind();
  return read(next_);
}

base::Result<std::int64_t> CountTasks::waiting() {
  auto row = waiting_.bind().step();
  if (!row) return base::pass(row.error());
  const auto out = waiting_.integer(0);
  waiting_.reset();
  return out;
}

}  // namespace dockline::agent::store
