// Physical facts as EPCIS 2.0 events (JSON-LD): a receipt, a correction and a count are
// ObjectEvents, a closed box is an AggregationEvent of class-level quantities under its SSCC, a
// parcel that its channel was told of is a shipping ObjectEvent.
//
// What GS1 keys are known is written as Digital Link URIs (https://id.gs1.org/01/<GTIN>,
// /00/<SSCC>); all else as private URNs (urn:dockline:sku:..., :place:..., :order:...). An eventID
// is the fact's own id, so that the same fact is the same event in every export.
#pragma once

#include <string>

#include "server/store/reader_physical.hpp"

namespace dockline::server::api {

[[nodiscard]] std::string epcis_json(const store::PhysicalPage& page);
// 14 digits of a bar code that is a GTIN with a right check digit; else empty.
[[nodiscard]] std::string gtin14(const std::string& code);

}  // namespace dockline::server::api
