// Routing files, tried on what was: they need no server, and touch nothing.
#include "server/cli/routing.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/cli/session.hpp"
#include "server/cli/text.hpp"
#include "server/rulebook/rulebook.hpp"
#include "server/whatif/whatif.hpp"

namespace dockline::server::cli {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

Exit cannot(Io& io, const std::string& why) {
  io.err << why << (why.ends_with('\n') ? "" : "\n");
  return Exit::usage;
}

// The book, or what is wrong with it, a line each.
std::expected<routing::Rulebook, std::string> read_rules(const std::string& path) {
  std::ifstream in(path);
  std::stringstream bytes;
  bytes << in.rdbuf();
  if (!in) return std::unexpected(path + " cannot be read. Give a routing file with --rules");
  auto book = rulebook::read(bytes.str(), path, std::nullopt);
  if (!book) return std::unexpected(config::to_text(book.error()));
  return std::move(*book);
}

// "30d", "12h" in milliseconds.
std::optional<std::int64_t> length_of(const std::string& written) {
  std::int64_t count = 0;
  const char* end = written.data() + written.size();
  const auto [at, failed] = std::from_chars(written.data(), end, count);
  if (failed != std::errc{} || count < 1 || count > 100'000 || at + 1 != end) return std::nullopt;
  if (*at == 'h') return count * kHourMs;
  if (*at == 'd') return count * 24 * kHourMs;
  return std::nullopt;
}

std::string money(std::int64_t minor, const std::string& currency) {
  return routing::money(minor, currency);
}

void print_sides(Io& io, const whatif::Report& r) {
  Table table({{"", false}, {"WAS", true}, {"WOULD BE", true}, {"DIFFERENCE", true}});
  const auto row = [&](const char* name, std::int64_t was, std::int64_t would, bool is_money) {
    const auto shown = [&](std::int64_t v) { return is_money ? money(v, r.currency) : grouped(v); };
    const std::int64_t more = would - was;
    table.add({{name, Tone::strong},
               {shown(was)},
               {shown(would)},
               {(more > 0 ? "+" : "") + shown(more), more == 0 ? Tone::dim : Tone::plain}});
  };
  row("allocated", r.was.allocated, r.would.allocated, false);
  row("partly allocated", r.was.partly, r.would.partly, false);
  row("backordered", r.was.backordered, r.would.backordered, false);
  row("over several sites", r.was.splits, r.would.splits, false);
  row("parcels", r.was.parcels, r.would.parcels, false);
  row("cost by these rules", r.was.cost_minor, r.would.cost_minor, true);
  row("of it money spent", r.was.cash_minor, r.would.cash_minor, true);
  row("late orders", r.was.late, r.would.late, false);
  row("hours late", r.was.late_hours, r.would.late_hours, false);
  row("margin left", r.was.margin_minor, r.would.margin_minor, true);
  io.out << table.print(0, io.colour);
}

void print_moved(Io& io, const whatif::Report& r) {
  if (r.moved_total == 0) {
    io.out << "Every order would go where it went.\n";
    return;
  }
  io.out << "\n" << counted(r.moved_total, "decision") << " would differ";
  if (r.moved_total > static_cast<std::int64_t>(r.moved.size())) {
    io.out << ", the first " << r.moved.size() << " (--moved N for more)";
  }
  io.out << ":\n";
  const auto place = [](const std::string& sites) { return sites.empty() ? "nowhere" : sites; };
  for (const auto& m : r.moved) {
    io.out << safe(m.order) << ": " << safe(place(m.from)) << " ("
           << money(m.from_minor, r.currency) << ") -> " << safe(place(m.to)) << " ("
           << money(m.to_minor, r.currency) << "). " << safe(m.why) << "\n";
  }
}

}  // namespace

Exit routing_what_if(Io& io, bool as_json, const WhatIfOptions& options) {
  const auto book = read_rules(options.rules);
  if (!book) return cannot(io, book.error());
  const auto back = length_of(options.since);
  if (!back) return cannot(io, "--since " + options.since + ": write 30d or 12h");
  std::string path = options.files.server_db;
  if (path.empty()) {
    path = (options.files.data.empty() ? kServerData : options.files.data) + "/server.db";
  }
  std::error_code failed;
  if (!std::filesystem::exists(path, failed)) {
    return cannot(io, path + ": there is no such file. Give the folder with --data");
  }
  auto reader = store::Reader::open(path);
  if (!reader) return cannot(io, reader.error().detail);
  const auto report = whatif::run(*reader, *book,
                                  {.since_ms = io.now_ms() - *back,
                                   .now_ms = io.now_ms(),
                                   .moved_max = static_cast<std::size_t>(options.moved)});
  if (!report) return cannot(io, report.error().detail);
  if (as_json) {
    io.out << whatif::to_json(*report) << "\n";
    return Exit::ok;
  }
  io.out << counted(report->decisions, "decision") << " about " << counted(report->orders, "order")
         << " since " << local_time(report->since_ms) << ", decided again under " << options.rules
         << ":\n"
         << grouped(report->of_facts) << " from the facts on record, " << grouped(report->rebuilt)
         << " from the record's figures, the order and today's catalogue ("
         << grouped(report->assumed)
         << " of all with stations taken for heard, or days for empty), " << grouped(report->unread)
         << " left out for want of figures.\n"
         << "Each with the stock as it was then; " << grouped(report->forbidden)
         << " went where these rules forbid it. Margins are known of " << grouped(report->margins)
         << ".\n\n";
  if (!report->described.empty()) {
    std::string names;
    for (const auto& site : report->described) names += (names.empty() ? "" : ", ") + safe(site);
    io.out << "As people described them, not as the file has them: " << names << ".\n\n";
  }
  print_sides(io, *report);
  print_moved(io, *report);
  return Exit::ok;
}

Exit routing_check(Io& io, const std::string& rules) {
  const auto book = read_rules(rules);
  if (!book) {
    io.err << book.error() << (book.error().ends_with('\n') ? "" : "\n");
    return Exit::no;
  }
  for (const auto& spec : book->specs) {
    io.out << spec.name << " v" << spec.version << ": " << spec.rules.size() << " rules, split "
           << spec.split << "\n";
  }
  io.out << rules << ": " << counted(static_cast<std::int64_t>(book->specs.size()), "chain") << ", "
         << counted(static_cast<std::int64_t>(book->sites.size()), "site") << ", "
         << counted(static_cast<std::int64_t>(book->services.size()), "service")
         << ". Names of sites and channels are compared when the server starts "
            "(dockline-server --check-config).\n";
  return Exit::ok;
}

Exit routing_reference(Io& io) {
  io.out << config::reference(rulebook::schema(), "The routing file") << "\n## Rules\n";
  for (const auto& rule : routing::rules()) {
    const bool must = rule.kind == routing::Rule::Kind::must;
    io.out << "\n`" << rule.name << "` v" << rule.version << ", "
           << (must ? (rule.firm ? "forbids, for persons too" : "forbids")
               : rule.kind == routing::Rule::Kind::cost ? "has a price"
                                                        : "limits what is spent unasked")
           << "\n";
    for (const auto& p : rule.parameters) {
      io.out << "- `" << p.name << "` = " << p.standard << ": " << p.meaning << "\n";
    }
  }
  return Exit::ok;
}

}  // namespace dockline::server::cli
