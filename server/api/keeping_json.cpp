// Backups and parked facts as JSON.
#include "server/api/keeping.hpp"
#include "server/api/values.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::object backup(const store::BackupRow& r) {
  return {{"made_ms", r.made_ms}, {"file", r.file},   {"position", r.position},
          {"bytes", r.bytes},     {"state", r.state}, {"took_ms", r.took_ms},
          {"problem", r.problem}};
}

json::object parked(const store::ParkedRow& r) {
  return {{"id", r.id},
          {"site", r.site},
          {"station", r.station},
          {"inc", r.inc},
          {"seq", r.seq},
          {"heard_ms", r.heard_ms},
          {"why", base::printable(r.why, 500)},
          {"state", r.state},
          {"tries", r.tries},
          {"tried_ms", moment(r.tried_ms)},
          {"position", r.position == 0 ? json::value(nullptr) : json::value(r.position)},
          {"bytes", r.size}};
}

}  // namespace

std::string backup_json(const store::BackupRow& row) { return json::serialize(backup(row)); }

std::string backups_json(const std::vector<store::BackupRow>& rows, const Facts& facts) {
  json::array items;
  for (const auto& row : rows) items.push_back(backup(row));
  json::object out{{"configured", !facts.backup_folder.empty()},
                   {"folder", facts.backup_folder},
                   {"every_minutes", facts.backup_every_minutes},
                   {"items", std::move(items)},
                   {"next", nullptr}};
  out["risk"] = facts.backup_folder.empty()
                    ? json::value(
                          "No backups are configured: stations let go of facts as soon as "
                          "this disk has them. If it dies, they are lost. Set folder in "
                          "[backup] of the server's configuration.")
                    : json::value(nullptr);
  return json::serialize(out);
}

std::string parked_json(const store::Page<store::ParkedRow>& page) {
  return json::serialize(page_of(page, parked));
}

std::string parked_fact_json(const store::ParkedRow& row) {
  auto out = parked(row);
  out["text"] = base::printable(row.bytes, 64 * 1024);
  return json::serialize(out);
}

}  // namespace dockline::server::api
