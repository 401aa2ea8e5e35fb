// Physical facts as EPCIS 2.0 events (JSON-LD): a receipt, a movement, a correction and a count are
// ObjectEvents, a closed box is an AggregationEvent of pieces and quantities under its SSCC, a
// parcel that its channel was told of is a shipping ObjectEvent.
//
// What GS1 keys are known is written as Digital Link URIs (/01/<GTIN>, /01/<GTIN>/10/<lot>,
// /01/<GTIN>/21/<serial>, /00/<SSCC> of https://id.gs1.org); all else as private URNs
// (urn:dockline:sku:..., :place:..., :order:...; epcis_things.hpp). An eventID is the fact's own
// id, so that the same fact is the same event in every export. Lots and bins are those that the
// fact names: what the books follow by themselves (first expired, first out; the home bin) nobody
// saw.
//
// Where the standard has no word, two of our own stand under the prefix "dockline" of @context:
// dockline:from, the place or bin that a movement within a site left; dockline:lots, the lot of
// each piece with a serial. ilmd (lot, last day) is at action ADD alone, as the standard has it.
#pragma once

#include <string>

#include "server/store/reader_physical.hpp"

namespace dockline::server::api {

[[nodiscard]] std::string epcis_json(const store::PhysicalPage& page);

}  // namespace dockline::server::api
