#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "shared/sqlite/db.hpp"

namespace dockline::sqlite {
namespace {

using base::Fault;

base::Result<std::int64_t> user_version(Db& db) {
  Statement query = db.prepare("PRAGMA user_version");
  auto row = query.step();
  if (!row) return base::pass(row.error());
  return query.integer(0);
}

base::Status check_known(Db& db, std::span<const base::EmbeddedFile> files, std::int64_t version) {
  if (version > static_cast<std::int64_t>(files.size())) {
    return base::fail(Fault::reject,
                      db.path() + " was written by a newer program (schema " +
                          std::to_string(version) + ", this program knows " +
                          std::to_string(files.size()) +
                          "). Start the newer program, or give this one another data_dir");
  }
  if (version == 0) return {};
  Statement query = db.prepare("SELECT checksum FROM migration WHERE number = ?1");
  for (std::int64_t n = 1; n <= version; ++n) {
    auto row = query.bind(n).step();
    if (!row) return base::pass(row.error());
    const auto& file = files[static_cast<std::size_t>(n - 1)];
    if (!*row || query.text(0) != base::to_hex(base::sha256(file.bytes))) {
      return base::fail(Fault::corrupt, db.path() + ": migration " + std::string(file.name) +
                                            " is not the one that made this file. Use the program "
                                            "that wrote it, or restore a backup");
    }
    query.reset();
  }
  return {};
}

base::Status apply(Db& db, const base::EmbeddedFile& file, std::int64_t number) {
  if (auto ok = db.begin(); !ok) return ok;
  const auto undo = [&](const base::Error& e) {
    db.rollback();
    return base::fail(e, "migration " + std::string(file.name));
  };
  if (auto ok = db.exec(std::string(file.bytes).c_str()); !ok) return undo(ok.error());
  if (auto ok = db.exec(("PRAGMA user_version=" + std::to_string(number)).c_str()); !ok) {
    return undo(ok.error());
  }
  {
    const std::string checksum = base::to_hex(base::sha256(file.bytes));
    Statement note = db.prepare("INSERT INTO migration(number, name, checksum) VALUES(?1, ?2, ?3)");
    if (auto ok = note.bind(number, file.name, checksum).run(); !ok) return undo(ok.error());
  }
  return db.commit();
}

}  // namespace

base::Status migrate(Db& db, std::span<const base::EmbeddedFile> files) {
  auto version = user_version(db);
  if (!version) return base::pass(version.error());
  if (*version == 0) {
    if (auto ok = db.exec("CREATE TABLE IF NOT EXISTS migration(number INTEGER PRIMARY KEY, "
                          "name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT");
        !ok) {
      return ok;
    }
  }
  if (auto ok = check_known(db, files, *version); !ok) return ok;
  for (auto n = *version; n < static_cast<std::int64_t>(files.size()); ++n) {
    if (auto ok = apply(db, files[static_cast<std::size_t>(n)], n + 1); !ok) return ok;
  }
  return {};
}

}  // namespace dockline::sqlite
