// CloudEvents 1.0 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md), JSON
// format, with Dockline's extension attributes (PROTOCOL.md section 4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/wire/events.hpp"

namespace dockline::wire {

struct Event {
  std::string id;            // UUIDv7 made at the origin
  std::string source;        // "/<site>/<station>" or "/server"
  std::string subject;       // order id, sku, device: what it is about; may be empty
  std::int64_t time_ms = 0;  // wall clock of the origin; an annotation, never an order
  std::string correlation;   // ties an order's life together: the order id; may be empty
  std::string causation;     // id of the event that made this one; may be empty
  std::string dlinc;         // birth place in a stream; empty for log facts
  std::uint64_t dlseq = 0;
  std::uint64_t dlhlc = 0;  // hybrid logical clock: 48 bits ms, 16 bits counter
  std::optional<std::int64_t> dloffms, dlerrms;
  EventData data;

  [[nodiscard]] std::string_view type() const;  // for UnknownData: unknown_type
  std::string unknown_type;
};

// One line of JSON without a raw newline. Fault::reject when over kFactBytesMax.
[[nodiscard]] base::Result<std::string> encode(const Event& event);

// Strict: envelope and data must fit, unknown fields are allowed (the stored bytes keep them).
// An unknown type decodes to UnknownData. Fault::reject with the field's path otherwise.
[[nodiscard]] base::Result<Event> decode(std::string_view bytes);

// The `data` member alone, for APIs and tests.
[[nodiscard]] std::string data_json(const EventData& data);

// JSON Schema 2020-12 of one type's data, and the list of all types.
struct SchemaFile {
  std::string name;  // "dockline.pack.opened.v1.json"
  std::string json;  // pretty printed, ends with a newline
};
[[nodiscard]] std::vector<SchemaFile> schemas();

}  // namespace dockline::wire
