#include "tests/sim/nodes/later_version.hpp"

#include "agent/store/store.hpp"
#include "shared/sync/sender.hpp"

namespace dockline::sim {
namespace {

struct Body {
  const char *type, *data;
};
constexpr Body kBodies[] = {
    {"dockline.pack.weighed.v7", R"({"grams":1200,"by":{"scale":"left"}})"},  // not known
    {"dockline.pack.opened.v1", R"({"order":17})"},                           // another form
    {"dockline.pack.item.counted.v1", R"({"order":"o","work":{"lease":"l","epoch":1},"line":1,)"
                                      R"("sku":"s","quantity":9000000000000000})"},
    {"dockline.stock.moved.v1", R"({"sku":"SKU-100","quantity":5,"from":"supplier",)"
                                R"("to":"site-1/shelf","reason":"forged"})"},  // not its to say
    {"dockline.station.trouble.v1", R"({"kind":7,"detail":[]})"},
};

std::string strange(const StationPlace& place, const sync::Sender& sender, const std::string& id,
                    base::Prng& draw) {
  const auto which = draw.below(std::size(kBodies) + 1);
  if (which == std::size(kBodies)) return "what is this? " + id;
  const auto& body = kBodies[which];
  return R"({"specversion":"1.0","id":")" + id + R"(","source":"/)" + place.site + "/" +
         place.name + R"(","type":")" + body.type + R"(","time":"2026-09-21T14:13:20Z","dlinc":")" +
         sender.inc() + R"(","dlseq":)" + std::to_string(sender.next_seq()) + R"(,"data":)" +
         body.data + "}";
}

}  // namespace

base::Result<StrangeFact> record_strange_fact(const StationPlace& place, base::Instant now,
                                              base::Prng& draw) {
  auto store = agent::store::Store::open(place.database, place.vfs);
  if (!store) return base::pass(store.error());
  if (auto ok = (*store)->begin(); !ok) return base::pass(ok.error());
  auto sender = sync::Sender::open((*store)->up(), draw, {});
  if (!sender) return base::pass(sender.error());
  const auto id = base::uuid7(draw, now.wall_ms);
  StrangeFact out{sender->inc(), sender->next_seq(), strange(place, *sender, id, draw)};
  if (auto kept = sender->record(now, id, out.bytes); !kept) return base::pass(kept.error());
  sync::SenderOut nothing;
  if (auto ok = sender->flush(now, nothing); !ok) return base::pass(ok.error());
  if (auto ok = (*store)->commit(); !ok) return base::pass(ok.error());
  return out;
}

}  // namespace dockline::sim
