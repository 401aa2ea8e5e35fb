#include "server/app/keeping.hpp"

#include "server/app/sink.hpp"
#include "shared/base/bytes.hpp"
#include "shared/base/plant.hpp"

namespace dockline::server {
namespace {

using base::Fault;

constexpr std::int64_t kCutRowsPerTick = 250;  // a few ms of a turn
constexpr int kRetriesPerTick = 32;

}  // namespace

base::Status Keeping::open() {
  auto& table = core_.store->keeping;
  // The version, and how many types of facts it knows: either makes another program.
  const std::string program =
      core_.config.version + "/" + std::to_string(std::variant_size_v<wire::EventData>);
  if (table.note("program") != program) {
    const auto ids = table.waiting("", "");
    retry_.assign(ids.begin(), ids.end());
    if (retry_.empty()) {
      table.set_note("program", program);
    } else {
      program_ = program;
    }
  }
  const auto segments = core_.store->log.archive().segments();
  for (const auto& segment : segments) cutting_ = cutting_ || segment.cut < segment.last;
  return core_.store->trouble();
}

base::Status Keeping::tick() {
  for (int i = 0; i < kRetriesPerTick && !retry_.empty(); ++i) {
    const auto id = retry_.front();
    const auto may = core_.config.doubts->again(id);
    if (may == Doubts::Again::not_with_others) break;
    retry_.pop_front();
    if (may == Doubts::Again::no) {
      core_.store->keeping.tried(id, core_.now.wall_ms, "it could not be taken");
      continue;
    }
    retry(id);
  }
  if (retry_.empty() && !program_.empty()) {
    core_.store->keeping.set_note("program", program_);
    program_.clear();
  }
  if (cutting_) cutting_ = core_.store->log.archive().cut(kCutRowsPerTick);
  return core_.store->trouble();
}

// The cursor of its stream passed this fact when it was parked; nothing of the stream is touched.
bool Keeping::retry(std::int64_t id) {
  auto& table = core_.store->keeping;
  const auto fact = table.parked(id);
  if (!fact) return false;
  if (PLANT("parked-retry-moves-the-cursor")) {  // as if it had come once more
    const std::string of = "site = '" + fact->site + "' AND station = '" + fact->station + "'";
    static_cast<void>(
        core_.store->db().exec(("UPDATE stream_in SET through = through + 1 WHERE " + of).c_str()));
  }
  const std::string at = fact->site + "/" + fact->station;
  const auto now = core_.now.wall_ms;
  auto event = wire::decode(fact->bytes);
  if (!event) {
    table.tried(id, now, event.error().detail);
    return false;
  }
  const std::string event_id = event->id;
  if (const auto known = core_.store->log.body_of(event_id)) {
    if (*known != fact->bytes) {
      table.tried(id, now, "id " + event_id + " is another fact's already");
      return false;
    }
  } else if (const auto why = indigestible(*event, "/" + at); !why.empty()) {
    table.tried(id, now, std::string(event->type()) + ": " + why);
    return false;
  } else {
    static_cast<void>(core_.keep(fact->bytes, *event));  // its id is new
  }
  table.applied(id, now, table.position_of(event_id));
  if (table.waiting(fact->site, fact->station).empty()) {
    const std::string open = table.open_case("poison", at);
    if (!open.empty()) {
      static_cast<void>(
          core_.record(wire::ExceptionResolved{open, "noted", "retry of parked facts"},
                       {.subject = at, .correlation = {}, .causation = {}, .id = {}}));
    }
  }
  return true;
}

base::Result<Reply> Keeping::on(const RetryParked& command) {
  Reply reply;
  if (command.id != 0) {
    if (!core_.store->keeping.parked(command.id)) {
      return base::fail(Fault::reject, "parked fact " + std::to_string(command.id) +
                                           " does not wait; see `dockline parked list`");
    }
    reply.created = retry(command.id);
    reply.id = std::to_string(command.id);
    return reply;
  }
  std::string_view site, station;
  if (!command.station.empty()) {
    const auto slash = command.station.find('/');
    if (slash == std::string::npos) {
      return base::fail(Fault::reject, "station: \"" + base::printable(command.station, 80) +
                                           "\" is no site/station, such as leipzig/bench-4");
    }
    site = std::string_view(command.station).substr(0, slash);
    station = std::string_view(command.station).substr(slash + 1);
  }
  const auto ids = core_.store->keeping.waiting(site, station);
  retry_.assign(ids.begin(), ids.end());
  reply.id = std::to_string(ids.size());
  reply.created = !ids.empty();
  return reply;
}

base::Result<Reply> Keeping::on(const BackupDone& command) {
  core_.store->keeping.add({.made_ms = command.made_ms,
                            .position = command.position,
                            .bytes = command.bytes,
                            .took_ms = command.took_ms,
                            .file = command.file,
                            .state = command.state,
                            .problem = command.problem});
  core_.changed.insert("backups");
  if (command.state == "verified") {
    for (const auto& mark : command.streams) {
      auto ok = stations_.mark_safe(mark.site, mark.station, mark.inc,
                                    static_cast<sync::Seq>(mark.through));
      if (!ok) return base::pass(ok.error());
    }
  }
  Reply reply;
  reply.id = command.file;
  reply.created = command.state == "verified";
  return reply;
}

base::Result<Reply> Keeping::on(const SegmentMade& command) {
  auto& archive = core_.store->log.archive();
  const auto last = archive.last();
  const std::int64_t number = last ? last->number + 1 : 1, first = last ? last->last + 1 : 1;
  const auto chain = base::from_hex(command.chain);
  if (command.number != number || command.first != first || command.last < first || !chain ||
      core_.store->keeping.chain_at(command.last) != *chain) {
    return base::fail(Fault::reject,
                      "segment " + command.file + " does not follow the archive and fit the log");
  }
  static_cast<void>(archive.add({.number = number,
                                 .first = first,
                                 .last = command.last,
                                 .cut = first - 1,
                                 .bytes = command.bytes,
                                 .made_ms = command.made_ms,
                                 .file = command.file,
                                 .chain = *chain,
                                 .sha256 = command.sha256}));
  cutting_ = true;
  Reply reply;
  reply.id = command.file;
  reply.created = true;
  return reply;
}

}  // namespace dockline::server
