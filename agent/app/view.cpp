// The station page's whole state as one JSON text: agent/panel/VIEW.md is the contract. Ids and
// values only, no sentence.
#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "agent/app/impl.hpp"
#include "agent/app/view_parts.hpp"
#include "agent/station/lines.hpp"
#include "shared/base/limits.hpp"

namespace dockline::agent {
namespace {

namespace json = boost::json;
namespace limits = base::limits;
using base::Instant;
using firmware::DeviceState;
using station::JobState;
using station::Phase;
using station::Station;
using station::Tone;

constexpr std::size_t kOpenRows = 4, kKeyRows = 9, kDoneRows = 4, kQueueRows = 5;
constexpr std::int64_t kUsualPrintMs = 2'000, kSyncWarnMs = 600'000;
constexpr std::uint64_t kSyncWarnRows = 100;
constexpr std::array<std::string_view, 5> kTones{"next", "ok", "wait", "ask", "stop"};

json::object params(const station::Params& p) {
  json::object out;
  for (const auto& [key, value] : p) {
    if (const auto* text = std::get_if<std::string>(&value))
      out[key] = cut(*text);
    else
      out[key] = std::get<std::int64_t>(value);
  }
  return out;
}

struct Face {
  std::string id;
  station::Params p;
  [[nodiscard]] Tone tone() const { return id == "help" ? Tone::wait : station::tone_of(id); }
};

class View {
 public:
  View(const StationSettings& settings, const StationProcess& process, Instant now)
      : settings_(settings), process_(process), now_(now) {}

  json::object frame() const {
    json::object out{{"v", 1},
                     {"now_ms", now_.wall_ms},
                     {"lang", settings_.language},
                     {"theme", settings_.theme},
                     {"scale", static_cast<double>(settings_.scale_percent) / 100},
                     {"bench", json::object{{"name", settings_.title},
                                            {"site", settings_.site_title},
                                            {"workflow", "pack"},
                                            {"person", ""}}}};
    return out;
  }

  static json::object banner(const Face& face) {
    return {{"id", face.id},
            {"tone", kTones[static_cast<std::size_t>(face.tone())]},
            {"p", params(face.p)}};
  }

  std::int64_t wall(std::int64_t mono_ms) const { return now_.wall_ms - (now_.mono_ms - mono_ms); }

  json::array devices(const std::vector<station::Device>& list) const {
    json::array out;
    for (const auto& d : list) {
      const bool bad = d.state == DeviceState::gone;
      const bool ok = d.state == DeviceState::ready;
      out.push_back(json::object{
          {"id", d.name},
          {"kind", firmware::name(d.kind)},
          {"name", cut(d.name)},
          {"state", firmware::name(d.state)},
          {"sev", bad  ? "bad"
                  : ok ? "ok"
                       : "warn"},
          {"detail", cut(d.detail)},
          {"heard_ms", d.heard_mono_ms ? json::value(wall(*d.heard_mono_ms)) : json::value()}});
    }
    return out;
  }

  json::object full_body() const {
    const auto& t = *process_.trouble;
    json::array facts;
    if (t.free_bytes >= 0) facts.push_back(json::object{{"id", "free_bytes"}, {"n", t.free_bytes}});
    facts.push_back(json::object{{"id", "last_saved"}, {"at_ms", t.last_saved_ms}});
    facts.push_back(json::object{{"id", "records_saved"}, {"n", t.records}});
    facts.push_back(json::object{{"id", "first_refused"}, {"at_ms", t.since_ms}});
    facts.push_back(json::object{{"id", "error_code"}, {"text", t.code}});
    facts.push_back(json::object{{"id", "refused"}, {"n", t.refused}});
    return {{"kind", "full"}, {"facts", std::move(facts)}};
  }

  Face full_face() const { return {"store-full", {{"since_ms", process_.trouble->since_ms}}}; }
  static json::array full_commands() {
    return {nullptr, nullptr, nullptr, nullptr, nullptr, "HELP"};
  }

 protected:
  const StationSettings& settings_;
  const StationProcess& process_;
  Instant now_;
};

class StationView : View {
 public:
  StationView(const StationSettings& settings, const StationProcess& process, Instant now,
              const Station& st, store::Store& kept)
      : View(settings, process, now), st_(st), s_(st.state()), store_(kept) {}

  struct Sync {
    bool up = false;
    std::uint64_t kept = 0, kept_most = 0;
    OutboxRoom::Level room = OutboxRoom::Level::plenty;
    std::optional<std::int64_t> heard_mono_ms;
    std::uint64_t waiting = 0, received = 0;
    std::optional<std::int64_t> oldest_ms;
    std::int64_t started_wall_ms = 0;
  };

  std::string build(const Sync& sync) {
    sync_ = sync;
    queue_ = store_.queue(kQueueRows).value_or(store::Queue{});
    // Shown between orders only: a scan of a piece does not wait for it.
    if (s_.phase != Phase::packing) counts_ = counts_asked(store_);
    const Face face = pick();
    json::object out = frame();
    const std::int64_t today = (now_.wall_ms + settings_.utc_offset_ms) / 86'400'000;
    out["closed_today"] = today == s_.closed_day ? s_.closed_today : 0;
    out["sound"] = process_.trouble ? "stop" : s_.sound;
    out["sound_seq"] = s_.sound_seq;
    out["sound_off"] = settings_.sound_off || process_.silent;
    out["banner"] = banner(face);
    out["count"] = count(face);
    out["order"] = order();
    out["body"] = body(face);
    out["actions"] = actions();
    out["commands"] = commands(face);
    out["hot"] = hot(face);
    out["devices"] = devices(st_.devices());
    out["sync"] = sync_strip();
    return json::serialize(out);
  }

 private:
  bool in_work() const { return st_.order() && s_.phase != Phase::closed; }
  std::int64_t silent_since_ms() const {
    return sync_.heard_mono_ms ? wall(*sync_.heard_mono_ms) : sync_.started_wall_ms;
  }
  bool long_offline() const {
    return settings_.has_broker && !sync_.up &&
           now_.wall_ms - silent_since_ms() >= limits::kOfflineBannerMs;
  }

  // Stop before ask before wait before ok before next; within a tone what happened last.
  Face pick() const {
    if (process_.trouble) return full_face();
    std::vector<Face> faces;
    if (s_.help) faces.push_back({"help", {}});
    // A number that waits for its piece is never hidden, or the next scan counts what nobody meant.
    const bool several =
        s_.quantity_open && !s_.help && (s_.phase == Phase::packing || s_.phase == Phase::counting);
    if (several && st_.outbox() != station::Outbox::closed) {
      return {"qty", {{"digits", s_.quantity_digits}}};
    }
    if (st_.outbox() == station::Outbox::closed) faces.push_back(outbox_face());
    if (s_.moment.id == "outbox-full") {
      if (st_.outbox() == station::Outbox::no_new_orders) faces.push_back(outbox_face());
    } else if (!s_.moment.id.empty()) {
      faces.push_back({s_.moment.id, s_.moment.p});
    }
    if (s_.asking == station::Asking::short_line) {
      const auto n = std::min(station::open_lines(st_).size(), kKeyRows);
      faces.push_back({"short", {{"lines", static_cast<std::int64_t>(n)}}});
    }
    if (const auto* lost = st_.missed_scanner()) faces.push_back(scanner_lost(*lost));
    faces.push_back(phase_face());
    if (s_.help && s_.phase != Phase::taking_out) return faces.front();
    return *std::max_element(faces.begin(), faces.end(), [](const Face& a, const Face& b) {
      return a.tone() < b.tone();  // the first of the highest tone
    });
  }

  // `reserve`: what is open may be finished.
  Face outbox_face() const {
    const bool reserve = st_.outbox() == station::Outbox::no_new_orders;
    return {"outbox-full", {{"reserve", std::int64_t{reserve}}, {"up", std::int64_t{sync_.up}}}};
  }

  Face scanner_lost(const station::Device& lost) const {
    std::string other;
    for (const auto& d : st_.devices()) {
      if (d.kind == firmware::DeviceKind::scanner && d.state == DeviceState::ready) other = d.name;
    }
    return {"scanner-lost",
            {{"scanner", lost.name}, {"since_ms", wall(lost.since_mono_ms)}, {"other", other}}};
  }

  Face phase_face() const {
    switch (s_.phase) {
      case Phase::idle:
        // "Put the box aside" is read first.
        if (st_.outbox() != station::Outbox::open && s_.moment.id.empty()) return outbox_face();
        if (long_offline()) return {"offline-3d", {{"since_ms", silent_since_ms()}}};
        return {"idle",
                {{"orders", queue_.total},
                 {"carrier", queue_.first.empty() ? "" : queue_.first[0].carrier},
                 {"due_ms", queue_.first.empty() ? 0 : queue_.first[0].due_ms.value_or(0)}}};
      case Phase::packing:
        if (s_.restarted) return {"restarted", {{"pieces", st_.totals().packed}}};
        return {"order-open",
                {{"number", st_.order()->number},
                 {"pieces", st_.totals().to_go()},
                 {"carrier", st_.order()->label.carrier},
                 {"due_ms", st_.order()->due_ms.value_or(0)}}};
      case Phase::label:
        return label_face();
      case Phase::closed:
        return {"order-closed",
                {{"number", st_.order()->number}, {"carrier", st_.order()->label.carrier}}};
      case Phase::counting:
        return {"count-open", count_words(st_)};
      case Phase::taking_out:
        return {"cancelled",
                {{"at_ms", s_.cancelled_ms},
                 {"pieces", st_.totals().packed},
                 {"reason", s_.cancel_reason}}};
    }
    return {};
  }

  Face label_face() const {
    const auto* job = st_.job();
    const std::string box_of = cut(st_.box_of().value_or(""));
    if (job == nullptr) return {"label-scan", {{"box_of", box_of}}};
    if (job->late && job->state == JobState::wanted) {
      return {"label-unknown", {{"cause", job->recovered ? "power" : "late"}}};
    }
    if (job->state == JobState::unknown) {
      return {"label-unknown", {{"cause", job->recovered ? "power" : "silent"}}};
    }
    const bool printing = job->state == JobState::wanted || job->state == JobState::sending ||
                          job->state == JobState::sent;
    if (!printing) return {"label-scan", {{"box_of", box_of}}};
    if (job->trouble != DeviceState::ready) {
      const auto state = job->printer.empty() ? "none" : firmware::name(job->trouble);
      return {"printer-paper", {{"printer", job->printer}, {"state", std::string(state)}}};
    }
    return {"printing",
            {{"pieces", st_.totals().packed},
             {"sent_ms", job->sent_ms},
             {"usual_ms", kUsualPrintMs},
             {"weighed", std::int64_t{0}}}};
  }

  json::value count(const Face& face) const {
    if (s_.phase == Phase::counting && !process_.trouble) {
      return json::object{{"n", s_.tally}, {"kind", "counted"}};
    }
    if (!in_work() || s_.phase == Phase::label || process_.trouble) return nullptr;
    const auto sum = st_.totals();
    if (s_.phase == Phase::taking_out) {
      return json::object{{"n", sum.packed}, {"kind", "to_take_out"}};
    }
    if (face.id == "restarted") return json::object{{"n", sum.packed}, {"kind", "in_box"}};
    return json::object{{"n", sum.to_go()}, {"kind", "to_go"}};
  }

  json::value order() const {
    if (!in_work()) return nullptr;
    const auto& o = *st_.order();
    const auto sum = st_.totals();
    std::int64_t weight_g = 0;
    for (const auto& l : o.lines) weight_g += l.weight_g.value_or(0) * l.quantity;
    return json::object{{"id", o.order},
                        {"number", cut(o.number)},
                        {"customer", cut(o.ship_to.name)},
                        {"city", cut(o.ship_to.city.value_or(""))},
                        {"weight_g", weight_g},
                        {"carrier", cut(o.label.carrier)},
                        {"due_ms", o.due_ms.value_or(0)},
                        {"pieces_done", sum.packed},
                        {"pieces_short", sum.missing},
                        {"pieces_total", sum.total}};
  }

  json::object row(const domain::WorkLine& l, json::value key) const {
    const auto c = st_.count_of(l.line);
    json::object out{{"line", l.line},
                     {"sku", l.sku},
                     {"title", cut(l.title)},
                     {"detail", cut(l.detail.value_or(""))},
                     {"bin", l.bin.value_or("")},
                     {"have", c.packed},
                     {"want", l.quantity},
                     {"short", c.missing},
                     {"hot", l.line == s_.hot_line},
                     {"key", std::move(key)}};
    if (l.tracked) out["needs"] = *l.tracked;
    return out;
  }

  // The line touched last stays in place until the next scan, so it leads even when it is done.
  json::object lines() const {
    const bool keys = s_.asking == station::Asking::short_line;
    const auto open = station::open_lines(st_);
    const std::size_t shown = std::min(open.size(), keys ? kKeyRows : kOpenRows);
    json::array rows;
    for (std::size_t i = 0; i < shown; ++i) {
      rows.push_back(row(*open[i], keys ? json::value(i + 1) : json::value()));
    }
    std::size_t done_rows = 0;
    for (const auto* l : station::done_lines(st_)) {
      if (l->line == s_.hot_line) {
        rows.insert(rows.begin(), row(*l, nullptr));
      } else if (++done_rows <= kDoneRows) {
        rows.push_back(row(*l, nullptr));
      }
    }
    std::int64_t pieces = 0;
    for (std::size_t i = shown; i < open.size(); ++i) {
      const auto c = st_.count_of(open[i]->line);
      pieces += open[i]->quantity - c.packed - c.missing;
    }
    return {{"kind", "lines"},
            {"lines", std::move(rows)},
            {"more_lines", open.size() - shown},
            {"more_pieces", pieces}};
  }

  json::object back() const {
    json::array rows;
    std::int64_t more_lines = 0, more_pieces = 0;
    for (const auto& l : st_.order()->lines) {
      const auto packed = st_.count_of(l.line).packed;
      if (packed == 0) continue;
      if (rows.size() < kOpenRows) {
        rows.push_back(row(l, nullptr));
      } else {
        ++more_lines;
        more_pieces += packed;
      }
    }
    return {{"kind", "back"},
            {"lines", std::move(rows)},
            {"more_lines", more_lines},
            {"more_pieces", more_pieces}};
  }

  json::object pair() const {
    const auto text = [&](std::string_view key) {
      for (const auto& [k, v] : s_.hand.p) {
        if (k == key) return cut(std::get<std::string>(v));
      }
      return std::string();
    };
    json::object need;
    for (const auto& l : st_.order()->lines) {
      if (l.line != s_.near_line) continue;
      need = {{"title", cut(l.title)}, {"sku", l.sku}, {"bin", l.bin.value_or("")}};
    }
    return {{"kind", "pair"},
            {"hand",
             json::object{{"title", text("title")}, {"sku", text("sku")}, {"bin", text("bin")}}},
            {"need", std::move(need)}};
  }

  json::object left() const {
    json::array facts;
    facts.push_back(json::object{{"id", "orders_with_label"}, {"n", queue_.total}});
    facts.push_back(json::object{{"id", "labels_here"}, {"n", queue_.total}});
    facts.push_back(json::object{{"id", "facts_waiting"}, {"n", sync_.waiting}});
    facts.push_back(json::object{{"id", "server_heard"}, {"at_ms", silent_since_ms()}});
    return {{"kind", "left"}, {"facts", std::move(facts)}};
  }

  json::object ladder() const {
    json::array rows;
    const auto step = [&](std::string_view name, std::string_view state, std::int64_t at_ms,
                          std::string_view detail = "") {
      rows.push_back(json::object{{"step", name},
                                  {"state", state},
                                  {"at_ms", at_ms == 0 ? json::value() : json::value(at_ms)},
                                  {"detail", detail}});
    };
    const auto* job = st_.job();
    const JobState state = job == nullptr ? JobState::wanted : job->state;
    const bool blocked = job == nullptr || job->trouble != DeviceState::ready;
    const bool out = state == JobState::confirmed || state == JobState::applied;
    step("bought", "done", 0);
    step("written", job == nullptr ? "now" : "done", job == nullptr ? 0 : job->wanted_ms);
    if (out) {
      step("sent", "done", job->sent_ms);
      step("printer_says", "done", job->confirmed_ms);
      step("scanned", "now", job->confirmed_ms);
    } else {
      const auto why =
          job == nullptr || job->printer.empty() ? "none" : firmware::name(job->trouble);
      step("sent", blocked ? "blocked" : "now", job == nullptr ? 0 : job->sent_ms,
           blocked ? why : "");
      step("printer_says", "open", 0);
      step("scanned", "open", 0);
    }
    return {{"kind", "ladder"},
            {"tracking", cut(st_.order()->label.tracking)},
            {"rows", std::move(rows)}};
  }

  json::object body(const Face& face) const {
    if (process_.trouble) return full_body();
    if (face.id == "help") return {{"kind", "sheet"}};
    switch (s_.phase) {
      case Phase::idle:
        // A box that is to be emptied needs a hand, with a server or without.
        return face.id == "offline-3d" && queue_.aside.empty() ? left()
                                                               : queue_body(queue_, counts_);
      case Phase::closed:
        return queue_body(queue_, counts_);
      case Phase::packing:
        return face.id == "wrong-item" && s_.hand.id == "pair" ? pair() : lines();
      case Phase::label:
        return label_face().id == "label-unknown" && face.id == "label-unknown"
                   ? json::object{{"kind", "question"}}
                   : ladder();
      case Phase::counting:
        return count_body(st_);
      case Phase::taking_out:
        return back();
    }
    return {{"kind", "none"}};
  }

  json::array actions() const {
    json::array out;
    const std::int64_t newest = s_.undo.empty() ? 0 : s_.undo.back().action;
    for (const auto& a : s_.actions) {
      const bool undo = a.id == newest && s_.phase != Phase::taking_out && s_.phase != Phase::idle;
      out.push_back(json::object{{"id", std::to_string(a.id)},
                                 {"kind", a.kind},
                                 {"p", params(a.p)},
                                 {"at_ms", a.at_ms},
                                 {"undo", undo && !process_.trouble},
                                 {"refused", a.refused}});
    }
    return out;
  }

  json::array commands(const Face& face) const {
    if (process_.trouble) return full_commands();
    json::array slots{nullptr, nullptr, nullptr, nullptr, "PROBLEM", "HELP"};
    switch (s_.phase) {
      case Phase::idle:
        slots[2] = "REPRINT";
        if (counts_.waiting > 0) slots[3] = "COUNT";
        break;
      case Phase::closed:
        slots[1] = "UNDO";
        slots[2] = "REPRINT";
        if (counts_.waiting > 0) slots[3] = "COUNT";
        break;
      case Phase::counting:
        slots = count_slots(face.id);
        break;
      case Phase::packing: {
        const bool asked = face.id == "short" || face.id == "other-order";
        const bool refused =
            (face.tone() == Tone::stop && face.id != "qty-limit") || face.id == "scanner-lost";
        slots[1] = "UNDO";
        if (!asked && !refused) slots[2] = "QTY";
        if (!asked && face.id != "qty") slots[3] = "SHORT";
        break;
      }
      case Phase::label: {
        const auto id = label_face().id;
        slots[3] = "HOLD";
        if (id == "label-scan") slots[2] = "REPRINT";
        if (id == "label-unknown") {
          slots[0] = "NO";
          slots[3] = nullptr;
        }
        if (id == "printer-paper" && settings_.printers.size() > 1) slots[0] = "OTHER";
        break;
      }
      case Phase::taking_out:
        break;
    }
    if (face.id == "other-order") {
      slots[0] = "CONFIRM";
      slots[3] = "HOLD";
    }
    return slots;
  }

  json::value hot(const Face& face) const {
    if (face.id == "unknown-barcode") return "PROBLEM";
    if (face.id == "short") return "UNDO";
    if (face.id == "other-order" || face.id == "count-zero") return "CONFIRM";
    if (face.id == "label-unknown") return "NO";
    if (face.id == "printer-paper" && settings_.printers.size() > 1) return "OTHER";
    return nullptr;
  }

  json::object sync_strip() const {
    const bool silent = settings_.has_broker && now_.wall_ms - silent_since_ms() >= kSyncWarnMs;
    const bool many = sync_.waiting >= kSyncWarnRows;
    const bool warn = silent || many || sync_.room == OutboxRoom::Level::warn;
    return {
        {"up", sync_.up},
        {"heard_ms", sync_.heard_mono_ms ? json::value(wall(*sync_.heard_mono_ms)) : json::value()},
        {"waiting", sync_.waiting},
        {"oldest_ms", sync_.oldest_ms ? json::value(*sync_.oldest_ms) : json::value()},
        {"received", sync_.received},
        {"catching_up", sync_.up && many},
        {"kept", sync_.kept},
        {"kept_most", sync_.kept_most},
        {"room", name(sync_.room)},
        {"sev", sync_.room == OutboxRoom::Level::full ? "bad"
                : warn                                ? "warn"
                                                      : "ok"}};
  }

  const Station& st_;
  const station::State& s_;
  store::Store& store_;
  Sync sync_;
  store::Queue queue_;
  CountsAsked counts_;
};

class BareView : View {
 public:
  using View::View;
  std::string build() const {
    json::object out = frame();
    out["closed_today"] = 0;
    out["sound"] = "stop";
    out["sound_seq"] = 0;
    out["sound_off"] = settings_.sound_off || process_.silent;
    out["banner"] = banner(full_face());
    out["count"] = nullptr;
    out["order"] = nullptr;
    out["body"] = full_body();
    out["actions"] = json::array{};
    out["commands"] = full_commands();
    out["hot"] = nullptr;
    out["devices"] = json::array{};
    out["sync"] = json::object{{"up", false},          {"heard_ms", nullptr}, {"waiting", 0},
                               {"oldest_ms", nullptr}, {"received", 0},       {"sev", "warn"}};
    return json::serialize(out);
  }
};

}  // namespace

std::string StationApp::view_json(Instant now) const {
  auto& s = *impl_;
  StationView::Sync sync;
  sync.up = s.process.link_up && s.sender->state() == sync::Sender::State::streaming;
  sync.heard_mono_ms = s.server_heard_mono_ms();
  sync.waiting = s.sender->waiting();
  sync.received = s.process.received = std::max(s.process.received, s.sender->acked());
  sync.started_wall_ms = s.started_wall_ms;
  sync.kept = s.kept();
  sync.kept_most = s.settings.outbox_rows;
  sync.room = s.room.level;
  if (sync.waiting > 0) {
    if (const auto oldest = s.store->oldest_waiting_ms(s.sender->acked())) sync.oldest_ms = *oldest;
  }
  return StationView(s.settings, s.process, now, *s.station, *s.store).build(sync);
}

std::string StationApp::view_without_store(const StationSettings& settings,
                                           const StationProcess& process, Instant now) {
  return BareView(settings, process, now).build();
}

}  // namespace dockline::agent
