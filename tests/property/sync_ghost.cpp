#include "tests/property/sync_ghost.hpp"

#include <charconv>

#include <boost/json.hpp>
#include <sodium.h>

namespace dockline::property {
namespace {

std::string text(const Name& name) {
  return name.inc.substr(0, 8) + "#" + std::to_string(name.seq);
}

bool told(const Ledger& ledger, const Name& name) {
  for (const auto& gap : ledger.gaps) {
    if (gap.inc == name.inc && gap.from <= name.seq && name.seq <= gap.to) return true;
  }
  return false;
}

}  // namespace

FactNo fact_no(std::string_view bytes) {
  FactNo no = 0;
  std::from_chars(bytes.data(), bytes.data() + bytes.size(), no);
  return no;
}

std::string chain_of(const std::string& inc, const std::vector<std::string>& facts) {
  std::string state = "dockline-1" + inc;
  unsigned char hash[crypto_hash_sha256_BYTES];
  const auto roll = [&](const std::string& bytes) {
    crypto_hash_sha256(hash, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    return std::string(reinterpret_cast<const char*>(hash), 16);
  };
  state = roll(state);
  for (const auto& fact : facts) state = roll(state + fact);
  char hex[33];
  sodium_bin2hex(hex, sizeof hex, reinterpret_cast<const unsigned char*>(state.data()), 16);
  return hex;
}

void Ghost::on_apply(const Ledger& ledger, const Ledger::Entry& entry) {
  const auto found = ledger.newest.find(entry.name.inc);
  const Ledger::Entry* before = found == ledger.newest.end() ? nullptr : &found->second;
  const std::uint64_t last = before == nullptr ? 0 : before->name.seq;
  if (entry.name.seq <= last) say("applied again or out of order: " + text(entry.name));
  for (std::uint64_t n = last + 1; n < entry.name.seq; ++n) {
    if (!told(ledger, {entry.name.inc, n})) say("skipped in silence before " + text(entry.name));
  }
  if (before != nullptr && before->fact >= entry.fact) {
    say("order of recording broken at " + text(entry.name));
  }
  if (!names_[entry.fact].contains(entry.name)) {
    say("applied under a name it never had: " + text(entry.name));
  }
}

void Ghost::on_gap(const Ledger& ledger, const Ledger::GapTold& gap) {
  if (!cause_for_gap) say("a gap without a cause in " + gap.inc);
  if (gap.from > gap.to) say("an empty gap");
  for (const auto& g : ledger.gaps) {
    if (g.inc == gap.inc && g.to >= gap.from) say("a gap told twice in " + gap.inc);
  }
}

void Ghost::on_ack(const Ledger& committed, const std::string& payload) {
  const auto ack = boost::json::parse(payload).as_object();
  const std::string inc(ack.at("inc").as_string());
  const auto through = ack.at("through").to_number<std::uint64_t>();
  const auto newest = committed.newest.find(inc);
  std::uint64_t most = newest == committed.newest.end() ? 0 : newest->second.name.seq;
  for (const auto& gap : committed.gaps) {
    if (gap.inc == inc) most = std::max(most, gap.to);
  }
  if (through > most) say("acknowledged before it was committed: " + text({inc, through}));
}

void Ghost::on_trim(FactNo fact, bool backup_needed) {
  const auto& needed = backup_needed ? ever_backed_up_ : ever_applied_;
  if (!needed.contains(fact)) say("trimmed before it was safe: fact " + std::to_string(fact));
}

void Ghost::nothing_lost(const Ledger& ledger) {
  std::set<Name> taken;
  for (const auto& e : ledger.log) taken.insert(e.name);
  for (const auto& [fact, names] : names_) {
    bool fine = ledger.facts.contains(fact) || destroyed_.contains(fact) ||
                (lost_safe_rows && forgotten_.contains(fact));
    for (const Name& name : names) {
      // A twin filled this number with its own fact after the receiver had lost the safe row: known
      // from the fork's exception only (PROTOCOL.md section 20).
      const bool taken_by_twin = lost_safe_rows && taken.contains(name);
      fine = fine || taken_by_twin || told(ledger, name);
    }
    if (!fine) say("lost in silence: fact " + std::to_string(fact));
  }
}

void Ghost::no_silent_merge(const Ledger& ledger, const std::vector<SenderAtRest>& senders) {
  for (const auto& sender : senders) {
    std::map<std::uint64_t, std::string> taken;
    for (const auto& e : ledger.log) {
      if (e.name.inc == sender.inc) taken[e.name.seq] = e.bytes;
    }
    for (const auto& [seq, bytes] : sender.rows) {
      const auto it = taken.find(seq);
      if (it == taken.end() && !told(ledger, {sender.inc, seq})) {
        say("at rest, yet not applied: " + text({sender.inc, seq}));
      }
      if (it != taken.end() && it->second != bytes) {
        say("two contents under " + text({sender.inc, seq}));
      }
    }
  }
}

void Ghost::at_rest(const Ledger& ledger, const std::vector<SenderAtRest>& senders) {
  nothing_lost(ledger);
  no_silent_merge(ledger, senders);
  std::set<std::string> incs;
  for (const auto& sender : senders) {
    if (!incs.insert(sender.inc).second) say("two computers share incarnation " + sender.inc);
  }
}

}  // namespace dockline::property
