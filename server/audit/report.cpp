#include <boost/json.hpp>

#include "server/audit/audit.hpp"

namespace dockline::server::audit {
namespace {

namespace json = boost::json;

std::string counted(std::int64_t n, const char* one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

}  // namespace

std::string to_text(const Report& r) {
  std::string out;
  for (const auto& f : r.findings) {
    out += "[" + f.check + "] " + f.place + "\n  " + f.what + "\n  Do: " + f.remedy + "\n";
  }
  if (r.more > 0) out += "... and " + counted(r.more, "more finding") + " of the same kinds.\n";
  for (const auto& note : r.notes) out += "Note: " + note + "\n";
  out += "Checked " + counted(r.events, "event") + ", " + counted(r.orders, "order") + ", " +
         counted(r.leases, "lease") + ", " + counted(r.moves, "move") + " of " +
         counted(r.skus, "SKU") + ", " + counted(r.streams, "stream") + ", " +
         counted(r.parked, "parked fact") + ", " + counted(r.outbox, "outbox row") + ", " +
         counted(r.agents, "station file") + ".\n";
  if (!r.head.empty()) out += "Head of the log: " + r.head + "\n";
  out += r.clean() ? "Clean: the books say what the facts say.\n"
                   : counted(static_cast<std::int64_t>(r.findings.size()) + r.more, "finding") +
                         ": see above, from the first on.\n";
  return out;
}

std::string to_json(const Report& r) {
  json::array findings, notes;
  for (const auto& f : r.findings) {
    findings.push_back(json::object{
        {"check", f.check}, {"place", f.place}, {"what", f.what}, {"remedy", f.remedy}});
  }
  for (const auto& note : r.notes) notes.emplace_back(note);
  return json::serialize(json::object{{"clean", r.clean()},
                                      {"findings", std::move(findings)},
                                      {"more", r.more},
                                      {"notes", std::move(notes)},
                                      {"events", r.events},
                                      {"orders", r.orders},
                                      {"leases", r.leases},
                                      {"moves", r.moves},
                                      {"skus", r.skus},
                                      {"streams", r.streams},
                                      {"parked", r.parked},
                                      {"outbox", r.outbox},
                                      {"agents", r.agents},
                                      {"head", r.head}});
}

}  // namespace dockline::server::audit
