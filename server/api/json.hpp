// Rows of the read side into the API's JSON (openapi.yaml says what each field means). Times that
// never were are null; a text that is not there yet is "".
#pragma once

#include <string>

#include "server/api/facts.hpp"
#include "server/store/rows.hpp"

namespace dockline::server::api {

using Moment = std::int64_t;  // wall clock, milliseconds

[[nodiscard]] std::string health_json(const Facts& facts, Moment now_ms);
[[nodiscard]] std::string summary_json(const store::Summary& summary, Moment now_ms);
[[nodiscard]] std::string orders_json(const store::Page<store::OrderRow>& page);
[[nodiscard]] std::string order_json(const store::OrderDetail& order);
[[nodiscard]] std::string stock_json(const store::Page<store::StockRow>& page);
[[nodiscard]] std::string stock_item_json(const store::StockDetail& item);
[[nodiscard]] std::string stations_json(const std::vector<store::StationRow>& stations);
[[nodiscard]] std::string devices_json(const std::vector<store::DeviceRow>& devices);
[[nodiscard]] std::string exceptions_json(const store::Page<store::ExceptionRow>& page);
[[nodiscard]] std::string outbox_json(const store::Page<store::OutboxRow>& page,
                                      const std::vector<store::ChannelRow>& rows,
                                      const Facts& facts);
[[nodiscard]] std::string channels_json(const std::vector<store::ChannelRow>& rows,
                                        const Facts& facts);
[[nodiscard]] std::string events_json(const store::Page<store::EventRow>& page);
[[nodiscard]] std::string decisions_json(const store::Page<store::DecisionRow>& page);
[[nodiscard]] std::string import_json(const store::ImportRow& row);
[[nodiscard]] std::string imports_json(const std::vector<store::ImportRow>& rows);
[[nodiscard]] std::string import_rows_json(const store::Page<store::ImportLineRow>& page);
[[nodiscard]] std::string backups_json(const std::vector<store::BackupRow>& rows,
                                       const Facts& facts);
[[nodiscard]] std::string backup_json(const store::BackupRow& row);
[[nodiscard]] std::string parked_json(const store::Page<store::ParkedRow>& page);
[[nodiscard]] std::string parked_fact_json(const store::ParkedRow& row);
[[nodiscard]] std::string segments_json(const std::vector<store::SegmentRow>& rows);
[[nodiscard]] std::string head_json(const store::HeadRow& head, Moment now_ms);
[[nodiscard]] std::string replay_json(const store::ReplayReport& report);
[[nodiscard]] std::string created_json(const std::string& id, bool created);
[[nodiscard]] std::string import_started_json(const std::string& id, bool created);
[[nodiscard]] std::string hook_json(std::int64_t orders_new, std::int64_t orders_known);
[[nodiscard]] std::string live_json(const std::vector<std::string>& changed, std::int64_t position,
                                    Moment now_ms);

}  // namespace dockline::server::api
