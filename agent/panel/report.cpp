#include "agent/panel/report.hpp"

#include <boost/json.hpp>

#include "shared/runtime/program.hpp"

namespace dockline::agent::panel {

std::string health_json(const RunFigures& f) {
  namespace json = boost::json;
  return json::serialize(json::object{{"status", f.store_full ? "store-full" : "ok"},
                                      {"program", "dockline-agent"},
                                      {"version", runtime::kVersion},
                                      {"site", f.site},
                                      {"station", f.station},
                                      {"uptime_ms", f.uptime_ms},
                                      {"link_up", f.app.link_up},
                                      {"streaming", f.app.streaming},
                                      {"waiting", f.app.waiting},
                                      {"received", f.app.received},
                                      {"orders", f.app.orders},
                                      {"items", f.app.items},
                                      {"closed_today", f.app.closed_today},
                                      {"sound_off", f.sound_off}});
}

std::string metrics_text(const RunFigures& f, const runtime::Histogram& answer_time) {
  runtime::MetricsText m;
  m.counter("dockline_turns_total", "Turns committed.", f.turns);
  m.counter("dockline_turn_failures_total", "Turns rolled back.", f.failures);
  m.counter("dockline_inputs_refused_total", "Inputs refused, mailbox full.", f.overflowed);
  m.counter("dockline_raw_scans_total", "Rows ever written to the raw scan journal.",
            static_cast<std::uint64_t>(f.app.scans));
  m.gauge("dockline_orders_waiting", "Orders leased to this station.", f.app.orders);
  m.gauge("dockline_items", "Items known.", f.app.items);
  m.gauge("dockline_facts_waiting", "Facts the server has not confirmed.",
          static_cast<std::int64_t>(f.app.waiting));
  m.gauge("dockline_link_up", "1 when the broker is connected.", f.app.link_up ? 1 : 0);
  m.gauge("dockline_store_full", "1 when the disk takes no commits.", f.store_full ? 1 : 0);
  m.gauge("dockline_pages", "Station pages connected.", static_cast<std::int64_t>(f.pages));
  m.seconds("dockline_scan_answer_seconds", "Scan heard to answer released.", answer_time);
  m.process();
  return m.take();
}

}  // namespace dockline::agent::panel
