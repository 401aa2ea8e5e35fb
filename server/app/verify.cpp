#include "server/app/verify.hpp"

#include <cstdio>

#include "server/app/projector.hpp"
#include "server/store/digest.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server {
namespace {

// A database file that is gone when this is.
class Scratch {
 public:
  explicit Scratch(std::string path) : path_(std::move(path)) { remove(); }
  ~Scratch() { remove(); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void remove() const {
    for (const char* end : {"", "-wal", "-shm"}) std::remove((path_ + end).c_str());
  }
  std::string path_;
};

// Folds the log of `live` into the empty store; returns how many events it has.
base::Result<std::int64_t> fold_all(sqlite::Db& live, store::Trouble& trouble,
                                    store::Store& scratch) {
  store::EventLog log(live, trouble);
  Projector projector(scratch);
  std::int64_t events = 0;
  base::Status wrong;
  if (auto ok = scratch.begin(); !ok) return base::pass(ok.error());
  log.each(0, [&](const store::LoggedEvent& logged) {
    if (!wrong) return;
    const auto event = wire::decode(logged.body);
    if (!event) {
      wrong =
          base::fail(base::Fault::corrupt, "event at position " + std::to_string(logged.position) +
                                               ": " + event.error().detail);
      return;
    }
    projector.fold({.position = logged.position,
                    .time_ms = logged.time_ms,
                    .heard_ms = logged.heard_ms,
                    .source = logged.source,
                    .subject = logged.subject},
                   *event);
    ++events;
  });
  if (!wrong) return base::pass(wrong.error());
  if (auto ok = trouble.status(); !ok) return base::pass(ok.error());
  if (auto ok = scratch.commit(); !ok) return base::pass(ok.error());
  return events;
}

}  // namespace

base::Result<store::ReplayReport> verify_replay(const std::string& db_path,
                                                const std::string& scratch_dir,
                                                const std::string& vfs) {
  auto live = sqlite::Db::open(db_path, {.read_only = true, .vfs = vfs});
  if (!live) return base::pass(live.error());
  if (auto ok = live->begin(); !ok) return base::pass(ok.error());
  const Scratch file(scratch_dir + "/replay-scratch.db");
  auto scratch = store::Store::open(file.path(), "");
  if (!scratch) return base::pass(scratch.error());
  store::Trouble trouble;
  const auto events = fold_all(*live, trouble, **scratch);
  if (!events) return base::pass(events.error());
  const auto expected = store::digests((*scratch)->db(), trouble);
  const auto found = store::digests(*live, trouble);
  live->rollback();
  if (auto ok = trouble.status(); !ok) return base::pass(ok.error());
  store::ReplayReport report;
  report.events = *events;
  report.equal = true;
  std::string all;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool equal = found[i].sha256 == expected[i].sha256;
    report.tables.push_back({found[i].table, found[i].rows, equal});
    report.equal = report.equal && equal;
    all += found[i].sha256;
  }
  report.digest = base::to_hex(base::sha256(all));
  return report;
}

}  // namespace dockline::server
