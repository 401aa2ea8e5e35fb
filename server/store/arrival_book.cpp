#include "server/store/arrival_book.hpp"

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

constexpr std::int64_t kAheadDays = 1;  // a clock may be corrected by so much

std::int64_t day_of(std::int64_t ms) { return ms / routing::kArrivalDayMs; }

}  // namespace

ArrivalBook::ArrivalBook(sqlite::Db& db)
    : add_(db, trouble_,
           "INSERT INTO arrival(carrier, service, day, parcels, in_time) VALUES (?1, ?2, ?3, 1, ?4)"
           " ON CONFLICT DO UPDATE SET parcels = parcels + 1, in_time = in_time + ?4"),
      forget_(db, trouble_,
              "DELETE FROM arrival WHERE carrier = ?1 AND service = ?2 AND day NOT IN (SELECT day "
              "FROM arrival WHERE carrier = ?1 AND service = ?2 ORDER BY day DESC LIMIT ?3)"),
      newest_(db, trouble_,
              "SELECT carrier, service, sum(parcels), sum(in_time) FROM arrival WHERE day BETWEEN "
              "?1 AND ?2"
              " GROUP BY carrier, service ORDER BY carrier, service") {}

void ArrivalBook::add(std::string_view carrier, std::string_view service, std::int64_t arrived_ms,
                      bool in_time) {
  add_.run(carrier, service, day_of(arrived_ms), in_time ? 1 : 0);
  forget_.run(carrier, service, kArrivalDaysKept);
}

std::vector<routing::Arrivals> ArrivalBook::newest(std::int64_t now_ms) {
  std::vector<routing::Arrivals> out;
  newest_.each(
      [&](const sqlite::Statement& s) {
        out.push_back({s.str(0), s.str(1), s.integer(2), s.integer(3)});
      },
      day_of(now_ms) - routing::kArrivalDays, day_of(now_ms) + kAheadDays);
  return out;
}

base::Result<std::vector<routing::Arrivals>> arrivals(Reader& reader, std::int64_t now_ms) {
  auto& in = reader.impl();
  base::Status asked;
  auto found = in.look([&] {
    ArrivalBook book(in.db);
    auto rows = book.newest(now_ms);
    asked = book.trouble();
    return rows;
  });
  if (found && !asked) return base::pass(asked.error());
  return found;
}

}  // namespace dockline::server::store
