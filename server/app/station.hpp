// One station as the server knows it: both streams, what was last heard, what waits to go out. The
// inside of Stations, for its own files.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/app/sink.hpp"
#include "server/app/snapshot.hpp"
#include "server/app/stations.hpp"
#include "server/store/streams.hpp"

namespace dockline::server {

struct Stations::Station {
  Station(HubCore& core, std::string site_in, std::string name_in, SnapshotSlots& slots)
      : site(std::move(site_in)),
        name(std::move(name_in)),
        in(store::make_receiver_store(core.store->db(), site, name)),
        out(store::make_sender_store(core.store->db(), site, name)),
        sink(core, site, name),
        snapshot(core, site, name, slots) {}
  std::string site, name;
  std::unique_ptr<sync::ReceiverStore> in;
  std::unique_ptr<sync::SenderStore> out;
  Sink sink;
  StationSnapshot snapshot;  // before the sender, which ends it
  std::optional<sync::Receiver> receiver;
  std::optional<sync::Sender> sender;
  store::StationNote note;
  std::int64_t noted_ms = 0;
  std::optional<std::int64_t> due;  // as in Stations::due_
  bool renote = false;              // the note differs from the stored one in more than its time
  std::size_t incarnations = 0;
  std::optional<std::uint64_t> parked_seen;  // by the receiver when rows were counted last
  bool stopped = false;                      // window 0: too many facts are parked
  std::string works;                         // see works()
  std::int64_t works_ms = 0;                 // its state was heard
  std::vector<std::string> ended;            // processes that were heard to end, newest last
  std::string other;                         // the incarnation heard beside the one that works
  bool contested = false;                    // that one was heard after the one that works
  bool counts = false;                       // its program can be asked for counts, as it said
  bool cannot_count = false;                 // it said that it cannot
  bool off = false;                          // written off, and not heard since
  std::vector<std::string> down, acks;       // payloads of this turn
};

}  // namespace dockline::server
