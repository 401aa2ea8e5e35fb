#include "server/app/seen.hpp"

#include "server/store/reader_items.hpp"
#include "server/store/store.hpp"
#include "shared/base/bytes.hpp"

namespace dockline::server {
namespace {

// Ids of orders hold no control character (orders::check_text).
constexpr std::string_view kItem = "\x1fitem ";
constexpr std::string_view kSite = "\x1fsite ";

}  // namespace

std::string item_seen(std::string_view sku) { return std::string(kItem) + std::string(sku); }
std::string site_seen(std::string_view site) { return std::string(kSite) + std::string(site); }

SeenThing seen_thing(std::string_view named) {
  if (named.starts_with(kItem)) return {"item", std::string(named.substr(kItem.size()))};
  if (named.starts_with(kSite)) return {"site", std::string(named.substr(kSite.size()))};
  return {"order", std::string(named)};
}

std::int64_t site_mark(const std::vector<std::pair<std::string, std::string>>& values) {
  std::string text;
  for (const auto& [key, value] : values) text += key + '\n' + value + '\n';
  const auto digest = base::sha256("dockline-site-seen-1", text);
  std::int64_t mark = 0;
  for (std::size_t i = 0; i < 7; ++i) mark = mark << 8 | digest[i];  // 56 bits: never below zero
  return mark;
}

base::Result<std::int64_t> mark_of(store::Store& store, const SeenThing& thing) {
  if (thing.what == "item") return store::item_position(store.db(), thing.id);
  if (thing.what == "site") {
    std::vector<std::pair<std::string, std::string>> values;
    for (const auto& v : store.sites.values(thing.id)) values.emplace_back(v.key, v.value);
    return site_mark(values);
  }
  store.orders.flush();  // what earlier inputs of this turn noted
  return store.answers.position_of(thing.id);
}

}  // namespace dockline::server
