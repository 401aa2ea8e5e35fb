// Backups and parked facts as JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "server/api/facts.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

[[nodiscard]] std::string backups_json(const std::vector<store::BackupRow>& rows,
                                       const Facts& facts);
[[nodiscard]] std::string backup_json(const store::BackupRow& row);
[[nodiscard]] std::string parked_json(const store::Page<store::ParkedRow>& page);
[[nodiscard]] std::string parked_fact_json(const store::ParkedRow& row);

}  // namespace dockline::server::api
