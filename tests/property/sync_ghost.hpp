// What really happened, written down by the simulated world, and the judge over it. Shares no code
// with shared/sync: facts are judged by their own text, chains by libsodium, acks by their JSON.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dockline::property {

using FactNo = int;  // order of creation in the whole world; every fact's text begins with it

struct Name {  // under which a fact travelled
  std::string inc;
  std::uint64_t seq = 0;
  auto operator<=>(const Name&) const = default;
};

// The receiver's disk, as far as the judge cares: part of its store, so backups carry it.
struct Ledger {
  struct Entry {
    Name name;
    FactNo fact = 0;
    std::string bytes;
  };
  struct GapTold {
    std::string inc;
    std::uint64_t from = 0, to = 0;
  };
  std::vector<Entry> log;  // every call of apply that was committed
  std::set<FactNo> facts;  // the id index
  std::vector<GapTold> gaps;
  std::map<std::string, Entry> newest;  // of each incarnation

  void add(const Entry& entry) {
    log.push_back(entry);
    facts.insert(entry.fact);
    newest[entry.name.inc] = entry;
  }
};

struct SenderAtRest {
  std::string inc;
  std::uint64_t base = 0, last = 0;
  std::map<std::uint64_t, std::string> rows;
};

class Ghost {
 public:
  std::vector<std::string> problems;

  void committed(FactNo fact, const Name& name) { names_[fact].insert(name); }
  void destroyed(FactNo fact) { destroyed_.insert(fact); }
  // Trimmed after the image was taken, so the restored disk does not even know of it. Nobody does,
  // if the receiver has also lost rows that were safe: two disasters at once.
  void forgotten(FactNo fact) { forgotten_.insert(fact); }
  void ever_applied(FactNo fact) { ever_applied_.insert(fact); }
  void ever_backed_up(const Ledger& ledger) {
    ever_backed_up_.insert(ledger.facts.begin(), ledger.facts.end());
  }
  bool cause_for_gap = false;   // an old backup or an image was restored
  bool lost_safe_rows = false;  // the receiver lost what it had called safe

  // Invariants 2 to 4 as facts come in; called before the entry is in the ledger.
  void on_apply(const Ledger& ledger, const Ledger::Entry& entry);
  void on_gap(const Ledger& ledger, const Ledger::GapTold& gap);     // 5
  void on_ack(const Ledger& committed, const std::string& payload);  // 6
  void on_trim(FactNo fact, bool backup_needed);                     // 7
  // 1, 4, 8, 12
  void at_rest(const Ledger& ledger, const std::vector<SenderAtRest>& senders);

 private:
  void say(const std::string& what) { problems.push_back(what); }
  void nothing_lost(const Ledger& ledger);
  void no_silent_merge(const Ledger& ledger, const std::vector<SenderAtRest>& senders);

  std::map<FactNo, std::set<Name>> names_;
  std::set<FactNo> destroyed_, forgotten_, ever_applied_, ever_backed_up_;
};

[[nodiscard]] FactNo fact_no(std::string_view bytes);
// The chain over facts 1.. of `inc`, 32 hex digits, computed here and now.
[[nodiscard]] std::string chain_of(const std::string& inc, const std::vector<std::string>& facts);

}  // namespace dockline::property
