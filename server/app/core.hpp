// What the parts of the HubApp share within one turn: the store, the projector, the log writer, the
// queue of facts that were just kept and still have to be reacted to.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "server/app/divergence.hpp"
#include "server/app/hub_app.hpp"
#include "server/app/projector.hpp"
#include "server/publish/channel_engine.hpp"
#include "server/publish/supplier_post.hpp"
#include "server/stock/kits.hpp"
#include "server/store/store.hpp"
#include "shared/sync/clock.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server {

// A fact that was kept, with what reactions must know about the moment before it was folded.
struct Fresh {
  wire::Event event;
  std::int64_t position = 0;
  bool accepted = true;  // work facts: done under a lease in force
};

struct Tags {
  std::string subject, correlation, causation;
  std::string id;  // empty: a new one. Given: derived from what it stands for, so that doing the
                   // same again writes nothing
};

class HubCore {
 public:
  HubCore(HubConfig config_in, std::unique_ptr<store::Store> store_in, std::uint64_t seed);

  // Keeps a fact of the server's own: append, fold, queue for reaction. False: its id was there.
  // Fault::reject when it is too large for one fact.
  [[nodiscard]] base::Result<bool> record(wire::EventData data, Tags tags);
  // Keeps a fact that came from a station, byte for byte, and takes the event. False: its id was
  // there (the event is untouched then), or the store has trouble.
  [[nodiscard]] bool keep(std::string_view bytes, wire::Event& event);
  // Raises an exception unless one of this kind and subject is open. Empty `proposed`: the kind's.
  void raise(std::string_view kind, std::string subject, std::string what, std::string context,
             std::string proposed = {}, std::string id = {});

  // The hybrid logical clock (PROTOCOL.md section 12): of a fact that goes to a station, and of one
  // that came. A station too far ahead is not followed, and a person is told.
  [[nodiscard]] std::uint64_t next_hlc();
  void hear_clock(std::uint64_t hlc, const std::string& station);

  // A figure of this SKU may have changed, and of every kit that it is a part of.
  void touch(const std::string& sku, std::int64_t caused_ms);

  // Facts heard at one time were kept in one turn, and nothing of it had left: the projector relies
  // on it. So a turn within the millisecond of the one before is dated a millisecond later, up to
  // kHeardAheadMs.
  void begin_turn(base::Instant at);

  [[nodiscard]] std::string new_id() { return base::uuid7(prng, now.wall_ms); }

  HubConfig config;
  std::unique_ptr<store::Store> store;
  base::Prng prng;
  Projector projector;
  Divergence divergence;
  base::Instant now;
  std::deque<Fresh> fresh;
  std::set<std::string> changed;  // topics for the Changed effect
  std::int64_t written = 0;       // facts since the start of this App
  std::string cause;              // id of the fact that is reacted to: what it sets off says so
  std::unique_ptr<publish::ChannelEngine> engine;
  std::unique_ptr<publish::SupplierPost> post;
  Doubts::Taken taken;               // from the stations, in the turn under way
  stock::Kits kits;                  // as they are defined now
  std::vector<std::string> touched;  // SKUs whose balances, lines or reservations a fact changed

 private:
  void load_kits();
  void keep_clock();
  sync::HybridClock clock_;
  std::int64_t heard_ms_ = 0;       // of the turn under way
  std::int64_t clock_kept_ms_ = 0;  // durable: no start goes on below it
  [[nodiscard]] bool fold(std::string_view bytes, wire::Event& event, std::int64_t time_ms);
};

// A UUID (version 8) that stands for a text: the same text, the same id.
[[nodiscard]] std::string id_of(std::string_view text);

}  // namespace dockline::server
