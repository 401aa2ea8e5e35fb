// Questions for a count, told to the station that is asked: on its down stream, in snapshots, and
// again to a program that learnt to count since. Once the server wants no answer any more it says
// that too. A station keeps a question that it answered until then, so that none is put twice.
#pragma once

#include "server/store/count_book.hpp"
#include "server/store/stock_book.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server {

inline constexpr std::int64_t kCountsToldMost = 200;  // open questions of one station

// The question as it is put to the station, with what the item is called now.
[[nodiscard]] wire::CountAsked question(const store::CountTask& task, store::StockBook& stock);

}  // namespace dockline::server
