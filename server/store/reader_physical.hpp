// Facts about things that were moved, packed and sent, with what names them (bar codes, SSCCs), for
// the export of EPCIS events. Thread rule and failures: as Reader.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "server/store/reader.hpp"
#include "shared/wire/event.hpp"

namespace dockline::server::store {

struct PhysicalFact {
  std::int64_t position = 0, time_ms = 0, heard_ms = 0;
  wire::Event event;
};
struct PhysicalTransfer {
  std::string sku, from_site, to_site;
};
struct PhysicalPage {
  std::vector<PhysicalFact> facts;  // by position
  std::int64_t through = 0;         // looked at up to here
  bool more = false;
  std::map<std::string, std::vector<std::string>> codes;  // by SKU: bar codes of one piece
  std::map<std::string, std::string> sscc;                // by lease, and by tracking number
  std::map<std::string, PhysicalTransfer> transfers;      // by id
  std::map<std::string, std::string> sites;               // of boxes that stand again
};

inline constexpr std::int64_t kPhysicalLookedAtMax = 20'000;  // positions for one page
[[nodiscard]] base::Result<PhysicalPage> physical(Reader& reader, std::int64_t after,
                                                  std::int64_t limit);

}  // namespace dockline::server::store
