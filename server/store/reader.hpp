// The read side of server.db: a second, read-only connection with one function per question.
//
// Thread rule: one lane (the net lane), not shared; independent of the writer (WAL), so an answer
// is a consistent picture of some moment, each call for itself. Failures: Fault::retry_later (busy,
// I/O), Fault::reject (an `after` we never gave).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "server/store/rows.hpp"
#include "shared/base/result.hpp"

namespace dockline::server::store {

class Reader {
 public:
  // `vfs`: the simulator's disk, else empty.
  [[nodiscard]] static base::Result<Reader> open(const std::string& path,
                                                 const std::string& vfs = {});
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;
  ~Reader();

  [[nodiscard]] base::Result<Summary> summary(std::int64_t now_ms);
  [[nodiscard]] base::Result<Page<OrderRow>> orders(const OrderQuery& query);
  // By order id, else by number when only one order has it. Nothing: unknown.
  [[nodiscard]] base::Result<std::optional<OrderDetail>> order(const std::string& id);

  [[nodiscard]] base::Result<Page<StockRow>> stock(const std::string& text,
                                                   const std::string& after, std::int64_t limit,
                                                   std::int64_t skip = 0);
  [[nodiscard]] base::Result<std::optional<StockDetail>> stock_of(const std::string& sku);

  [[nodiscard]] base::Result<std::vector<StationRow>> stations(std::int64_t now_ms);
  [[nodiscard]] base::Result<std::vector<DeviceRow>> devices();

  // state: open, resolved or empty for both; kind: empty for all; newest first.
  [[nodiscard]] base::Result<Page<ExceptionRow>> exceptions(const std::string& state,
                                                            const std::string& after,
                                                            std::int64_t limit,
                                                            std::int64_t skip = 0,
                                                            const std::string& kind = {});
  [[nodiscard]] base::Result<Page<OutboxRow>> outbox(const std::string& after, std::int64_t limit);
  [[nodiscard]] base::Result<std::vector<ChannelRow>> channels();

  // Oldest first. type and subject filter when not empty; `after` is a position.
  [[nodiscard]] base::Result<Page<EventRow>> events(std::int64_t after, std::int64_t limit,
                                                    const std::string& type,
                                                    const std::string& subject);
  // Newest first; subject filters when not empty.
  [[nodiscard]] base::Result<Page<DecisionRow>> decisions(const std::string& subject,
                                                          const std::string& after,
                                                          std::int64_t limit,
                                                          std::int64_t skip = 0);
  [[nodiscard]] base::Result<std::optional<ImportRow>> import(const std::string& id);
  [[nodiscard]] base::Result<std::vector<ImportRow>> imports();  // newest first, at most 200
  [[nodiscard]] base::Result<Page<ImportLineRow>> import_rows(const std::string& id,
                                                              const std::string& outcome,
                                                              std::int64_t after,
                                                              std::int64_t limit);
  [[nodiscard]] base::Result<std::int64_t> last_position();

  [[nodiscard]] base::Result<std::vector<BackupRow>> backups();  // newest first, at most 200
  // state: waiting, applied or empty for both; oldest first. site and station filter together.
  [[nodiscard]] base::Result<Page<ParkedRow>> parked(const std::string& state,
                                                     const std::string& station, std::int64_t after,
                                                     std::int64_t limit);
  [[nodiscard]] base::Result<std::optional<ParkedRow>> parked_fact(std::int64_t id);
  [[nodiscard]] base::Result<std::vector<SegmentRow>> segments();  // oldest first
  [[nodiscard]] base::Result<HeadRow> log_head();

  // For the questions of one topic: functions in reader_<topic>.{hpp,cpp} (reader_impl.hpp).
  struct Impl;
  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  explicit Reader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Rebuilds every projection from the log into a scratch file in `scratch_dir` and compares each
// table's bytes with the live one, inside one read transaction of its own connection. Long work:
// run it off the lanes. Lives in server/app (it needs the projector): see server/app/verify.hpp.

}  // namespace dockline::server::store
