// The HTTP API without HTTP: a request becomes an answer, or a command whose reply becomes one.
// Pure but for the Reader. Paths and shapes: the files of openapi/. Handlers: <topic>_routes.cpp.
//
// Thread rule: the net lane. Failures are answers (status and {"error":...}), never exceptions.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "server/api/conflicts.hpp"
#include "server/api/facts.hpp"
#include "server/api/http_types.hpp"
#include "server/app/inputs.hpp"
#include "server/store/reader.hpp"

namespace dockline::server::api {

// Post the command to the core lane; its Reply becomes the answer by reply_answer().
struct Ask {
  Answer (*answer)(const Reply&) = nullptr;  // of a reply without error
  Command command;
  Once once = {};  // what follows is filled in by handle()
  std::string if_order = {};
  std::vector<std::int64_t> if_positions = {};
  const Conflict* conflict = nullptr;  // what can stand in its way; null: nothing is foreseen
};
struct AskVerify {};  // POST /replay/verify: long work, off the lanes
struct AskBackup {};  // POST /backups: long work, off the lanes
// Long reading on a connection of its own, off the lanes.
struct AskLook {
  std::function<Answer(store::Reader&)> work;
};
struct AskMetrics {};  // GET /metrics: the shells know the figures

using Outcome = std::variant<Answer, Ask, AskVerify, AskBackup, AskLook, AskMetrics>;

// What the shell must know before it reads a body.
struct Rights {
  bool open = false;            // no token: health, and hooks (they are signed)
  bool from_elsewhere = false;  // any Host header: webhooks come through public names
  std::size_t body_bytes_max = 0;
};
[[nodiscard]] Rights rights_of(std::string_view path);

// True for paths of the API; anything else is a file of the console.
[[nodiscard]] bool is_api(std::string_view path);

// A large body is moved out of the request.
[[nodiscard]] Outcome handle(store::Reader& reader, const Facts& facts, Request& request,
                             std::int64_t now_wall_ms);
[[nodiscard]] Answer reply_answer(const Ask& ask, const Reply& reply);
[[nodiscard]] std::string backup_answer(const store::BackupRow& backup);
[[nodiscard]] std::string replay_answer(const store::ReplayReport& report);

}  // namespace dockline::server::api
