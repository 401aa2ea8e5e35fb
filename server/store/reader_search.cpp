#include "server/store/reader_search.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "server/store/reader_impl.hpp"

namespace dockline::server::store {
namespace {

using sqlite::Statement;

#define DOCKLINE_HIT_COLUMNS "o.id, o.number, o.customer, o.state, o.updated_ms"
#define DOCKLINE_BEGINS(what) what " >= ?1 AND " what " < ?2"

// Words of names and e-mail addresses: those of the newest orders, looked through, and those that
// are gathered already (migration 0024).
#define DOCKLINE_NEWEST_WORDS(what)                       \
  "SELECT " DOCKLINE_HIT_COLUMNS                          \
  " FROM p_order_says w JOIN p_order o USING(ord) WHERE " \
  "w.ord > (SELECT ord FROM p_order_worded) AND w.what = '" what "' AND "
#define DOCKLINE_WORDS(what)                              \
  "SELECT " DOCKLINE_HIT_COLUMNS                          \
  " FROM p_order_word w JOIN p_order o USING(ord) WHERE " \
  "w.what = '" what "' AND "

// Newest first; each is one look into one index, but for the newest words.
struct OrderWay {
  const char* match;
  bool exact;
  bool lower;
  std::string_view sql;
};
constexpr OrderWay kOrderWays[] = {
    {"id", true, false, "SELECT " DOCKLINE_HIT_COLUMNS " FROM p_order o WHERE o.id = ?1 LIMIT ?2"},
    {"number", true, false,
     "SELECT " DOCKLINE_HIT_COLUMNS " FROM p_order o WHERE o.number = ?1 LIMIT ?2"},
    {"external_id", true, false,
     "SELECT " DOCKLINE_HIT_COLUMNS
     " FROM p_order o WHERE o.external_id = ?1 AND o.external_id <> '' LIMIT ?2"},
    {"tracking", true, false,
     "SELECT " DOCKLINE_HIT_COLUMNS
     " FROM p_lease l JOIN p_order o USING(ord) WHERE l.tracking = ?1 LIMIT ?2"},
    {"tracking", true, false,
     "SELECT " DOCKLINE_HIT_COLUMNS
     " FROM p_notice n JOIN p_order o USING(ord) WHERE n.tracking = ?1 LIMIT ?2"},
    {"email", true, true, DOCKLINE_NEWEST_WORDS("email") "w.word = ?1 LIMIT ?2"},
    {"email", true, true, DOCKLINE_WORDS("email") "w.word = ?1 LIMIT ?2"},
    {"lot", true, false,
     "SELECT DISTINCT " DOCKLINE_HIT_COLUMNS
     " FROM p_packed_lot k JOIN p_order o ON o.id = k.order_id WHERE k.lot = ?1 AND k.lot <> '' "
     "LIMIT ?2"},
    {"serial", true, false,
     "SELECT DISTINCT " DOCKLINE_HIT_COLUMNS
     " FROM p_packed_lot k JOIN p_order o ON o.id = k.order_id WHERE k.serial = ?1 AND "
     "k.serial <> '' LIMIT ?2"},
    {"number", false, false,
     "SELECT " DOCKLINE_HIT_COLUMNS " FROM p_order o WHERE " DOCKLINE_BEGINS("o.number") " LIMIT "
                                                                                         "?3"},
    {"tracking", false, false,
     "SELECT " DOCKLINE_HIT_COLUMNS
     " FROM p_lease l JOIN p_order o USING(ord) WHERE " DOCKLINE_BEGINS("l.tracking") " LIMIT ?3"},
    {"customer", false, true,
     DOCKLINE_NEWEST_WORDS("customer") DOCKLINE_BEGINS("w.word") " LIMIT ?3"},
    {"customer", false, true, DOCKLINE_WORDS("customer") DOCKLINE_BEGINS("w.word") " LIMIT ?3"},
    {"email", false, true, DOCKLINE_NEWEST_WORDS("email") DOCKLINE_BEGINS("w.word") " LIMIT ?3"},
    {"email", false, true, DOCKLINE_WORDS("email") DOCKLINE_BEGINS("w.word") " LIMIT ?3"},
};
constexpr std::string_view kBySscc =
    "SELECT " DOCKLINE_HIT_COLUMNS
    " FROM p_lease l JOIN p_order o USING(ord) WHERE l.sscc = ?1 AND l.sscc <> '' LIMIT ?2";
constexpr std::string_view kSku =
    "SELECT sku, title FROM p_item WHERE sku >= ?1 AND sku < ?2 ORDER BY sku LIMIT ?3";
constexpr std::string_view kBarcode =
    "SELECT i.sku, i.title FROM p_barcode b JOIN p_item i USING(sku) WHERE b.code = ?1 LIMIT ?2";
constexpr std::string_view kTitle =
    "SELECT sku, title FROM p_item WHERE lower(title) >= ?1 AND lower(title) < ?2 LIMIT ?3";
constexpr std::string_view kTitleHolds =
    "SELECT sku, title FROM (SELECT sku, title FROM p_item ORDER BY sku LIMIT ?3) "
    "WHERE instr(lower(title), ?1) > 0 LIMIT ?2";
// Goods that come, go between sites or are bought: by their number, each the key of its table.
struct GoodsWay {
  const char* type;
  std::string_view exact, begins;
};
#define DOCKLINE_DELIVERY "SELECT delivery, supplier, site, announced_ms FROM p_delivery WHERE "
#define DOCKLINE_TRANSFER \
  "SELECT transfer, sku, from_site || ', ' || to_site, changed_ms FROM p_transfer WHERE "
#define DOCKLINE_PURCHASE \
  "SELECT purchase, supplier, site, max(proposed_ms, decided_ms) FROM p_purchase WHERE "
constexpr GoodsWay kGoodsWays[] = {
    {"delivery", DOCKLINE_DELIVERY "delivery = ?1 LIMIT ?2",
     DOCKLINE_DELIVERY DOCKLINE_BEGINS("delivery") " LIMIT ?3"},
    {"transfer", DOCKLINE_TRANSFER "transfer = ?1 LIMIT ?2",
     DOCKLINE_TRANSFER DOCKLINE_BEGINS("transfer") " LIMIT ?3"},
    {"purchase", DOCKLINE_PURCHASE "purchase = ?1 LIMIT ?2",
     DOCKLINE_PURCHASE DOCKLINE_BEGINS("purchase") " LIMIT ?3"},
};
// A lot or serial that lies somewhere leads to its item; what is in a box leads to its order.
#define DOCKLINE_LYING                                                          \
  "SELECT DISTINCT l.sku, i.title FROM p_lot l JOIN p_item i USING(sku) WHERE " \
  "substr(l.place, -7) <> '/packed' AND "
constexpr std::string_view kLot = DOCKLINE_LYING "l.lot = ?1 AND l.lot <> '' LIMIT ?2";
constexpr std::string_view kSerial = DOCKLINE_LYING "l.serial = ?1 AND l.serial <> '' LIMIT ?2";
constexpr std::string_view kStation =
    "SELECT site, station, heard_ms FROM station WHERE instr(lower(site || '/' || station), ?1) > "
    "0 "
    "ORDER BY site, station LIMIT ?2";
constexpr std::string_view kException =
    "SELECT id, kind, subject, what, raised_ms FROM p_exception WHERE id = ?1 LIMIT ?2";
constexpr std::string_view kOpenAbout =
    "SELECT id, kind, subject, what, raised_ms FROM p_exception WHERE resolved_ms IS NULL "
    "AND subject = ?1 ORDER BY position DESC LIMIT ?2";

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}
std::string raised(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}
bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}
// Nothing that begins with `text` is as large as this.
std::string beyond(const std::string& text) { return text + "\xF4\x8F\xBF\xBF"; }

class Search {
 public:
  Search(Reader::Impl& in, const std::string& text, std::int64_t limit)
      : in_(in), text_(text), limit_(limit) {}

  std::vector<SearchHit> run() {
    orders(true);
    items_exact();
    goods(true);
    cases();
    exact_ = !hits_.empty();
    orders(false);
    goods(false);
    items_like();
    stations();
    return std::move(hits_);
  }

 private:
  [[nodiscard]] std::int64_t room() const {
    return limit_ - static_cast<std::int64_t>(hits_.size());
  }
  void add(SearchHit hit) {
    const bool known = std::any_of(hits_.begin(), hits_.end(), [&](const SearchHit& h) {
      return h.type == hit.type && h.id == hit.id;
    });
    if (!known && room() > 0) hits_.push_back(std::move(hit));
  }
  void order(const Statement& s, const char* match) {
    add({"order", s.str(0), match, s.str(1), s.str(2), s.str(3), s.integer(4)});
  }
  void item(const Statement& s, const char* match) {
    add({"item", s.str(0), match, s.str(0), s.str(1), "", 0});
  }

  void orders(bool exact) {
    for (const auto& way : kOrderWays) {
      if (way.exact != exact || room() <= 0) continue;
      const auto row = [&](const Statement& s) { order(s, way.match); };
      const std::string text = way.lower ? lowered(text_) : text_;
      for (const auto& form : {text, way.lower ? text : raised(text)}) {
        // As many as there is room for beside those found already, which may come again.
        if (exact)
          in_.query(way.sql).each(row, form, limit_);
        else
          in_.query(way.sql).each(row, form, beyond(form), limit_);
        if (way.lower || raised(text) == text) break;
      }
    }
    if (const auto sscc = sscc_form(text_); exact && !sscc.empty()) {
      in_.query(kBySscc).each([&](const Statement& s) { order(s, "sscc"); }, sscc, limit_);
    }
  }
  void items_exact() {
    for (const auto& form : {text_, raised(text_)}) {
      in_.query(kSku).each([&](const Statement& s) { item(s, "sku"); }, form, form + '\x01',
                           std::int64_t{1});
    }
    for (const auto& form : barcode_forms(text_)) {
      in_.query(kBarcode).each([&](const Statement& s) { item(s, "barcode"); }, form, limit_);
    }
    for (const auto& form : {text_, raised(text_)}) {
      in_.query(kLot).each([&](const Statement& s) { item(s, "lot"); }, form, limit_);
      in_.query(kSerial).each([&](const Statement& s) { item(s, "serial"); }, form, limit_);
      if (raised(text_) == text_) break;
    }
  }
  // Numbers stand as people write them: as typed, and in capitals.
  void goods(bool exact) {
    for (const auto& way : kGoodsWays) {
      const auto row = [&](const Statement& s) {
        add({way.type, s.str(0), "number", s.str(0), s.str(1) + ", " + s.str(2), "", s.integer(3)});
      };
      for (const auto& form : {text_, raised(text_)}) {
        if (room() <= 0) return;
        if (exact)
          in_.query(way.exact).each(row, form, limit_);
        else
          in_.query(way.begins).each(row, form, beyond(form), limit_);
        if (raised(text_) == text_) break;
      }
    }
  }
  void items_like() {
    const std::string low = lowered(text_), up = raised(text_);
    const auto title = [&](const Statement& s) { item(s, "title"); };
    in_.query(kSku).each([&](const Statement& s) { item(s, "sku"); }, up, beyond(up), limit_);
    if (room() > 0) in_.query(kTitle).each(title, low, beyond(low), limit_);
    if (!exact_ && room() > 0) in_.query(kTitleHolds).each(title, low, limit_, kSearchTitlesMax);
  }
  void stations() {
    if (room() <= 0) return;
    in_.query(kStation).each(
        [&](const Statement& s) {
          const std::string id = s.str(0) + "/" + s.str(1);
          add({"station", id, "name", s.str(1), s.str(0), "", s.integer(2)});
        },
        lowered(text_), limit_);
  }
  void cases() {
    const auto row = [&](const Statement& s) {
      const char* match = s.text(0) == text_ ? "id" : "subject";
      add({"exception", s.str(0), match, s.str(2), s.str(3), s.str(1), s.integer(4)});
    };
    in_.query(kException).each(row, text_, limit_);
    in_.query(kOpenAbout).each(row, text_, limit_);
  }

  Reader::Impl& in_;
  const std::string& text_;
  std::int64_t limit_;
  bool exact_ = false;  // something is what was asked for: no title that holds it is looked for
  std::vector<SearchHit> hits_;
};

}  // namespace

std::vector<std::string_view> order_word_sql() {
  std::vector<std::string_view> out;
  for (const auto& way : kOrderWays) {
    if (way.lower) out.push_back(way.sql);
  }
  return out;
}

std::string sscc_form(const std::string& text) {
  std::string_view rest = text;
  if (rest.starts_with("(00)"))
    rest.remove_prefix(4);
  else if (rest.size() == 20 && rest.starts_with("00"))
    rest.remove_prefix(2);
  return rest.size() == 18 && all_digits(rest) ? std::string(rest) : std::string();
}

std::vector<std::string> barcode_forms(const std::string& text) {
  std::vector<std::string> out{text};
  if (!all_digits(text) || text.size() < 8 || text.size() > 14) return out;
  const std::string bare = text.substr(std::min(text.find_first_not_of('0'), text.size()));
  for (const std::size_t length : {8U, 12U, 13U, 14U}) {
    if (bare.size() > length) continue;
    std::string form = std::string(length - bare.size(), '0') + bare;
    if (form != text) out.push_back(std::move(form));
  }
  return out;
}

base::Result<std::vector<SearchHit>> search(Reader& reader, const std::string& text,
                                            std::int64_t limit) {
  auto& in = reader.impl();
  return in.look([&] { return Search(in, text, bounded(limit)).run(); });
}

}  // namespace dockline::server::store
