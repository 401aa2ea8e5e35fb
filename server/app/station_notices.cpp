#include "server/app/station_notices.hpp"

namespace dockline::server {
namespace {

std::string range(sync::Seq from, sync::Seq to) {
  return std::to_string(from) + " to " + std::to_string(to);
}

void raise_one(HubCore& core, const std::string& at, const sync::Forked& n) {
  core.raise(
      "store_restored", at,
      "The server numbers its facts for " + at + " anew: that station knows another history (" +
          std::string(sync::name(n.reason)) + ").",
      "Old stream " + n.old_inc + ", rows " + range(n.old_base + 1, n.old_last) +
          ", the station had " + std::to_string(n.receiver_through) + "; new stream " + n.new_inc +
          (n.gone_list_full ? ". The list of former streams is full; the oldest was dropped" : ""));
}

void raise_one(HubCore& core, const std::string& at, const sync::VersionRefused&) {
  core.raise("version", at, at + " speaks no protocol version that this server knows.",
             "This server speaks version " + std::to_string(sync::kVersion));
}

void raise_one(HubCore& core, const std::string& at, const sync::PeerRestored& n) {
  core.raise("store_restored", at, at + " started from an older disk.",
             "It has started " + std::to_string(n.boot) + " times by its own count; " +
                 std::to_string(n.known_boot) + " were seen before");
}

void raise_one(HubCore&, const std::string&, const sync::SnapshotTaken&) {}

void raise_one(HubCore& core, const std::string& at, const sync::SnapshotTooLarge&) {
  core.raise("other", at, "What " + at + " has to know is too much for one snapshot.",
             "More than " + std::to_string(base::limits::kPartsMax) +
                 " pieces of 64 KiB: give the site fewer items");
}

void raise_one(HubCore&, const std::string&, const sync::SnapshotApplied&) {}

void raise_one(HubCore& core, const std::string& at, const sync::Gap& n) {
  core.raise("gap", at + "#" + n.inc + "#" + std::to_string(n.from),
             "Facts " + range(n.from, n.to) + " of " + at + " will never come.",
             "Stream " + n.inc + " of " + at);
}

void raise_one(HubCore& core, const std::string& at, const sync::ForkSeen& n) {
  const bool two = n.why == "fork:fenced";
  core.raise(
      two ? "two_computers" : "store_restored", at,
      two ? "Two computers speak as " + at + "." : at + " started from an older or another disk.",
      "New stream " + n.inc + " (" + n.why + "), process " + sync::to_text(n.now) + ", before " +
          sync::to_text(n.before));
}

void raise_one(HubCore& core, const std::string& at, const sync::TooManyIncarnations& n) {
  core.raise("store_restored", at,
             at + " has begun too many streams; the newest is not read until a person has looked.",
             "Stream " + n.inc);
}

}  // namespace

void raise_notices(HubCore& core, const std::string& station,
                   const std::vector<sync::SenderNotice>& notices) {
  for (const auto& notice : notices) {
    std::visit([&](const auto& n) { raise_one(core, station, n); }, notice);
  }
}

void raise_notices(HubCore& core, const std::string& station,
                   const std::vector<sync::ReceiverNotice>& notices) {
  for (const auto& notice : notices) {
    std::visit([&](const auto& n) { raise_one(core, station, n); }, notice);
  }
}

}  // namespace dockline::server
