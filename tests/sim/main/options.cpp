#include "tests/sim/main/options.hpp"

#include <algorithm>
#include <charconv>
#include <random>

namespace dockline::sim {
namespace {

template <class T>
bool number(const std::string& text, T& out) {
  const auto* end = text.data() + text.size();
  const auto [at, bad] = std::from_chars(text.data(), end, out);
  return bad == std::errc{} && at == end;
}

bool known(const std::string& kind) {
  return std::ranges::any_of(kinds(), [&](const Kind& k) { return k.name == kind; });
}

bool take(Options& out, const std::string& key, const std::string& value) {
  if (key == "--seed" && value == "new") {
    out.wishes.seed = std::random_device{}();
    return true;
  }
  if (key == "--seed") return number(value, out.wishes.seed);
  if (key == "--count") return number(value, out.count) && out.count > 0;
  if (key == "--jobs") return number(value, out.jobs) && out.jobs > 0;
  if (key == "--hours") return number(value, out.wishes.hours.emplace()) && *out.wishes.hours > 0;
  if (key == "--sites") return number(value, out.wishes.sites.emplace()) && *out.wishes.sites > 0;
  if (key == "--stations") {
    return number(value, out.wishes.stations.emplace()) && *out.wishes.stations > 0;
  }
  if (key == "--without") {
    std::size_t at = 0;
    while (at <= value.size()) {
      const auto end = std::min(value.find(',', at), value.size());
      const auto kind = value.substr(at, end - at);
      if (!kind.empty() && kind != "all" && !known(kind)) return false;
      if (kind == "all") {
        for (const auto& k : kinds()) out.wishes.without.insert(std::string(k.name));
      } else if (!kind.empty()) {
        out.wishes.without.insert(kind);
      }
      at = end + 1;
    }
    return true;
  }
  if (key == "--only") {
    for (const auto& k : kinds()) out.wishes.without.insert(std::string(k.name));
    std::size_t at = 0;
    while (at <= value.size()) {
      const auto end = std::min(value.find(',', at), value.size());
      const auto kind = value.substr(at, end - at);
      if (!known(kind)) return false;
      out.wishes.without.erase(kind);
      at = end + 1;
    }
    return true;
  }
  if (key == "--history") return !(out.wishes.history = value).empty();
  if (key == "--factor") {
    return number(value, out.wishes.factor) && out.wishes.factor > 0 && out.wishes.factor < 10'000;
  }
  if (key == "--slips") return number(value, out.wishes.slips) && out.wishes.slips > 0;
  if (key == "--plant") return !(out.plant = value).empty();
  if (key == "--trace") return !(out.trace = value).empty();
  if (key == "--seeds") return !(out.seeds = value).empty();
  return false;
}

}  // namespace

std::optional<Options> parse(const std::vector<std::string>& args, std::string& error) {
  Options out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const auto& arg = args[i];
    if (arg == "--list-plants") {
      out.list_plants = true;
    } else if (arg == "--help" || arg == "-h") {
      out.help = true;
    } else if (arg == "--full") {
      out.wishes.full = true;
    } else if (arg == "--in-process") {
      out.in_process = true;
    } else if (arg == "--no-minimise") {
      out.minimise = false;
    } else if (arg == "--repeat") {
      out.repeat = true;
    } else if (arg == "--plan") {
      out.plan_only = true;
    } else if (i + 1 < args.size() && take(out, arg, args[i + 1])) {
      ++i;
    } else {
      error = arg + (i + 1 < args.size() ? " " + args[i + 1] : "") + ": not understood";
      return std::nullopt;
    }
  }
  return out;
}

const char* usage() {
  return "dockline-sim: a fleet under a deterministic simulator\n\n"
         "  --seed N|new     first seed (1); new: drawn\n"
         "  --count N        so many seeds, one after the other (1)\n"
         "  --hours H        hours of faults in each run; default: drawn around one\n"
         "  --sites S        sites; default: drawn\n"
         "  --stations M     stations of the whole fleet; default: drawn\n"
         "  --full           every kind of fault in every run\n"
         "  --without K,K    leave kinds of faults out (all: every kind)\n"
         "  --only K,K       no kinds but these\n"
         "  --history FILE   a recorded trade (tests/workloads) instead of drawn customers\n"
         "  --factor N       so many copies of it at once, at N times the rate (1)\n"
         "  --slips N        only its first N numbers\n"
         "  --plant NAME     put a known bug in\n"
         "  --list-plants    names of the known bugs\n"
         "  --trace FILE     write every input and effect\n"
         "  --seeds FILE     replay a list: seed and options a line\n"
         "  --jobs J         so many processes at once (1)\n"
         "  --repeat         run each seed twice; the digests must be the same\n"
         "  --plan           show what the seeds would be made of\n"
         "  --no-minimise    report a failing seed as it is\n"
         "  --in-process     no child process per seed (for profilers)\n";
}

}  // namespace dockline::sim
