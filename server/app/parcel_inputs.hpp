// What people say of boxes after they were closed (inputs.hpp has the rest).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "shared/domain/types.hpp"

namespace dockline::server {

// The driver took boxes: those under these labels, or, without any, what stands at the site for the
// carrier (empty: for all). Answered by Reply::handed.
struct HandOver {
  std::string site, carrier;
  std::vector<std::string> trackings;
  std::optional<std::int64_t> handed_ms;  // absent: now
  std::string manifest;                   // the carrier's or the house's number of this collection
  std::string by;
};
// It stands at its site after all, closed.
struct TakeBackParcel {
  std::string tracking, why, by;
};
// The carrier says that the buyer has it.
struct DeliverParcel {
  std::string tracking;
  std::optional<std::int64_t> delivered_ms;  // absent: now
  std::string by;
};
// Pieces that came back and were looked at. to: shelf, quarantine or damaged.
struct ReturnedPieces {
  std::int64_t line = 0, quantity = 0;
  std::string to = "shelf";
  std::optional<domain::Lot> lot;
};
struct ReturnGoods {
  std::string order, site;
  std::vector<ReturnedPieces> lines;
  std::string why, by;
};

// Of Reply: what left, and what was left out of it with the reason. more: there is still more that
// waits than one request takes.
struct HandedOver {
  struct Parcel {
    std::string tracking, order, why;  // why: it was left out
  };
  std::vector<Parcel> parcels, left_out;
  bool more = false;
};

}  // namespace dockline::server
