#include "agent/app/view_parts.hpp"

namespace dockline::agent {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextBytes = 80, kAsideRows = 3;

json::object article(const station::CountTask& task) {
  return {{"sku", task.sku}, {"title", cut(task.title)}, {"bin", cut(task.bin.value_or(""))}};
}

}  // namespace

std::string cut(std::string_view text) {
  if (text.size() <= kTextBytes) return std::string(text);
  std::size_t end = kTextBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

CountsAsked counts_asked(store::Store& kept) {
  CountsAsked out;
  out.waiting = kept.counts().waiting().value_or(0);
  if (out.waiting > 0) {
    out.next = kept.next_count().value_or(std::optional<station::CountTask>{});
  }
  return out;
}

json::object queue_body(const store::Queue& queue, const CountsAsked& counts) {
  json::array aside, rows, next;
  for (const auto& box : queue.aside) {
    if (aside.size() == kAsideRows) break;
    aside.push_back(json::object{
        {"number", cut(box.number)}, {"where", cut(box.where)}, {"pieces", box.pieces}});
  }
  for (const auto& w : queue.first) {
    rows.push_back(json::object{{"number", cut(w.number)},
                                {"where", cut(w.where)},
                                {"pieces", w.pieces},
                                {"carrier", cut(w.carrier)},
                                {"due_ms", w.due_ms.value_or(0)}});
  }
  for (const auto& c : queue.next) {
    next.push_back(json::object{
        {"carrier", cut(c.carrier)}, {"due_ms", c.due_ms.value_or(0)}, {"orders", c.orders}});
  }
  return {{"kind", "queue"},
          {"total", queue.total},
          {"aside_total", queue.aside_total},
          {"aside", std::move(aside)},
          {"rows", std::move(rows)},
          {"next", std::move(next)},
          {"counts", counts.waiting},
          {"count", counts.next ? json::value(article(*counts.next)) : json::value()}};
}

json::object count_body(const station::Station& st) {
  json::object out = st.task() ? article(*st.task()) : json::object{};
  out["kind"] = "count";
  out["n"] = st.state().tally;
  return out;
}

station::Params count_words(const station::Station& st) {
  const auto& task = st.task();
  return {{"title", task ? task->title : ""},
          {"bin", task ? task->bin.value_or("") : ""},
          {"n", st.state().tally}};
}

json::array count_slots(std::string_view banner) {
  json::array slots{"CONFIRM", "UNDO", "QTY", "HOLD", "PROBLEM", "HELP"};
  if (banner == "qty") slots[0] = slots[2] = nullptr;
  if (banner == "count-zero") slots[2] = nullptr;
  return slots;
}

}  // namespace dockline::agent
