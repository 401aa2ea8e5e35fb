#include <boost/json.hpp>

#include "agent/station/state.hpp"

namespace dockline::agent::station {
namespace {

namespace json = boost::json;

json::object params(const Params& p) {
  json::object out;
  for (const auto& [key, value] : p) {
    std::visit([&](const auto& v) { out[key] = v; }, value);
  }
  return out;
}

Params read_params(const json::object& in) {
  Params out;
  for (const auto& [key, value] : in) {
    if (value.is_int64()) {
      out.emplace_back(std::string(key), value.get_int64());
    } else {
      out.emplace_back(std::string(key), std::string(value.as_string()));
    }
  }
  return out;
}

json::object banner(const Banner& b) { return {{"id", b.id}, {"p", params(b.p)}}; }

std::string text(const json::object& in, std::string_view key) {
  return std::string(in.at(key).as_string());
}
std::int64_t number(const json::object& in, std::string_view key) { return in.at(key).as_int64(); }

Banner read_banner(const json::value& in) {
  const auto& o = in.as_object();
  return {text(o, "id"), read_params(o.at("p").as_object())};
}

// One array of what is said of pieces; "" and 0: it is not said.
json::array lot_array(const domain::Lot& lot) {
  return {lot.lot.value_or(""), lot.serial.value_or(""), lot.expires_ms.value_or(0)};
}

domain::Lot read_lot(const json::array& in) {
  domain::Lot out;
  if (const auto& lot = in.at(0).as_string(); !lot.empty()) out.lot = std::string(lot);
  if (const auto& serial = in.at(1).as_string(); !serial.empty()) out.serial = std::string(serial);
  if (const auto expires = in.at(2).as_int64(); expires != 0) out.expires_ms = expires;
  return out;
}

json::array counts_array(const std::vector<Count>& counts) {
  json::array out;
  for (const auto& c : counts) {
    if (c.packed == 0 && c.missing == 0) continue;
    json::array row{c.line, c.packed, c.missing, c.sku};
    if (!c.lots.empty()) {
      json::array lots;
      for (const auto& pieces : c.lots) {
        auto lot = lot_array(pieces.lot);
        lot.push_back(pieces.quantity);
        lots.push_back(std::move(lot));
      }
      row.push_back(std::move(lots));
    }
    out.push_back(std::move(row));
  }
  return out;
}

std::vector<Count> read_counts(const json::array& in) {
  std::vector<Count> out;
  for (const auto& row : in) {
    const auto& a = row.as_array();
    // Rows of earlier versions have no SKU; the order's line has it.
    std::string sku = a.size() > 3 ? std::string(a.at(3).as_string()) : std::string();
    auto& count = out.emplace_back(
        Count{a.at(0).as_int64(), a.at(1).as_int64(), a.at(2).as_int64(), std::move(sku)});
    if (a.size() < 5) continue;
    for (const auto& one : a.at(4).as_array()) {
      const auto& lot = one.as_array();
      count.lots.push_back({read_lot(lot), lot.at(3).as_int64()});
    }
  }
  return out;
}

json::array undo_array(const std::vector<UndoStep>& steps) {
  json::array out;
  for (const auto& step : steps) {
    json::array parts;
    for (const auto& part : step.parts) {
      json::array row{part.line, part.quantity};
      if (part.lot) row.push_back(lot_array(*part.lot));
      parts.push_back(std::move(row));
    }
    out.push_back(json::array{static_cast<std::int64_t>(step.kind), step.action, parts});
  }
  return out;
}

std::vector<UndoStep> read_undo(const json::array& in) {
  std::vector<UndoStep> out;
  for (const auto& row : in) {
    const auto& a = row.as_array();
    UndoStep step{static_cast<UndoStep::Kind>(a.at(0).as_int64()), a.at(1).as_int64(), {}};
    for (const auto& part : a.at(2).as_array()) {
      const auto& said = part.as_array();
      auto& kept = step.parts.emplace_back(Part{said.at(0).as_int64(), said.at(1).as_int64()});
      if (said.size() > 2) kept.lot = read_lot(said.at(2).as_array());
    }
    out.push_back(std::move(step));
  }
  return out;
}

json::array actions_array(const std::vector<Action>& actions) {
  json::array out;
  for (const auto& a : actions) {
    out.push_back(json::array{a.id, a.kind, params(a.p), a.at_ms, a.refused});
  }
  return out;
}

std::vector<Action> read_actions(const json::array& in) {
  std::vector<Action> out;
  for (const auto& row : in) {
    const auto& a = row.as_array();
    out.push_back({a.at(0).as_int64(), std::string(a.at(1).as_string()),
                   read_params(a.at(2).as_object()), a.at(3).as_int64(), a.at(4).as_bool()});
  }
  return out;
}

State read_state(const json::object& in) {
  State s;
  s.phase = static_cast<Phase>(number(in, "phase"));
  s.order = text(in, "order");
  s.lease = text(in, "lease");
  s.counts = read_counts(in.at("counts").as_array());
  s.undo = read_undo(in.at("undo").as_array());
  s.moment = read_banner(in.at("moment"));
  s.asking = static_cast<Asking>(number(in, "asking"));
  s.other_lease = text(in, "other");
  s.quantity_open = in.at("qty").as_bool();
  s.quantity_digits = text(in, "digits");
  s.help = in.at("help").as_bool();
  s.restarted = in.at("restarted").as_bool();
  s.hot_line = number(in, "hot");
  s.hand = read_banner(in.at("hand"));
  s.near_line = number(in, "near");
  s.cancelled_ms = number(in, "cancelled");
  s.cancel_reason = text(in, "why");
  s.actions = read_actions(in.at("actions").as_array());
  s.next_action = number(in, "next_action");
  s.closed_day = number(in, "day");
  s.closed_today = number(in, "closed");
  s.last_label = text(in, "last_label");
  if (in.contains("task")) {  // not kept by programs that could not count
    s.task = text(in, "task");
    s.tally = number(in, "tally");
  }
  s.sound = text(in, "sound");
  s.sound_seq = number(in, "sound_seq");
  return s;
}

}  // namespace

std::string to_json(const State& s) {
  const json::object out{{"phase", static_cast<std::int64_t>(s.phase)},
                         {"order", s.order},
                         {"lease", s.lease},
                         {"counts", counts_array(s.counts)},
                         {"undo", undo_array(s.undo)},
                         {"moment", banner(s.moment)},
                         {"asking", static_cast<std::int64_t>(s.asking)},
                         {"other", s.other_lease},
                         {"qty", s.quantity_open},
                         {"digits", s.quantity_digits},
                         {"help", s.help},
                         {"restarted", s.restarted},
                         {"hot", s.hot_line},
                         {"hand", banner(s.hand)},
                         {"near", s.near_line},
                         {"cancelled", s.cancelled_ms},
                         {"why", s.cancel_reason},
                         {"actions", actions_array(s.actions)},
                         {"next_action", s.next_action},
                         {"day", s.closed_day},
                         {"closed", s.closed_today},
                         {"last_label", s.last_label},
                         {"task", s.task},
                         {"tally", s.tally},
                         {"sound", s.sound},
                         {"sound_seq", s.sound_seq}};
  return json::serialize(out);
}

base::Result<State> state_from_json(std::string_view in) {
  try {  // Boost.JSON's accessors throw; they stop here.
    return read_state(json::parse(in).as_object());
  } catch (const std::exception& e) {
    return base::fail(base::Fault::corrupt, std::string("saved station state: ") + e.what());
  }
}

std::string counts_to_json(const std::vector<Count>& counts) {
  return json::serialize(counts_array(counts));
}

base::Result<std::vector<Count>> counts_from_json(std::string_view in) {
  try {
    return read_counts(json::parse(in).as_array());
  } catch (const std::exception& e) {
    return base::fail(base::Fault::corrupt, std::string("saved counts: ") + e.what());
  }
}

}  // namespace dockline::agent::station
