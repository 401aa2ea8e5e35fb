#include "server/app/purchase_posts.hpp"

#include <utility>

#include "server/channels/webhook/purchase.hpp"

namespace dockline::server {

using base::Fault;
using publish::SupplierPost;

namespace {
constexpr const char* kServer = "server";
}  // namespace

base::Status PurchasePosts::open() {
  core_.post = std::make_unique<SupplierPost>(core_.prng.next(), core_.config.supplier_keys);
  std::vector<publish::PostChange> changes;
  core_.post->load(core_.now, core_.store->post.rows(), changes);
  save(changes);
  return core_.store->trouble();
}

void PurchasePosts::save(const std::vector<publish::PostChange>& changes) {
  for (const auto& change : changes) {
    if (change.removed) {
      core_.store->post.remove(change.row.purchase);
    } else {
      core_.store->post.put(change.row);
    }
    core_.changed.insert("purchases");
  }
}

// Fault::reject: as things are, it cannot be sent there. An empty url: there is no address.
base::Result<publish::PostRow> PurchasePosts::row_of(const std::string& purchase) {
  const auto ordered = core_.store->buying.ordered(purchase);
  if (!ordered) return base::fail(Fault::reject, "purchase: \"" + purchase + "\" is not known");
  publish::PostRow row{.purchase = purchase, .supplier = ordered->supplier, .url = ordered->url};
  if (row.url.empty()) return row;
  if (auto ok = channels::webhook::may_post_to(row.url); !ok) return base::pass(ok.error());
  if (!core_.post->has_key(row.supplier)) {
    return base::fail(Fault::reject,
                      "no signing key of supplier " + row.supplier +
                          " is configured; add [[supplier]] with name = \"" + row.supplier +
                          "\" and its secret_file to server.toml and restart the server");
  }
  channels::webhook::PurchaseOrder order{.purchase = purchase,
                                         .supplier = ordered->supplier,
                                         .site = ordered->site,
                                         .currency = ordered->currency,
                                         .ordered_ms = ordered->decided_ms,
                                         .expect_ms = ordered->expect_ms};
  const auto proposed = core_.store->buying.purchase(purchase);
  for (const auto& line : proposed->lines) {
    order.lines.push_back({line.line, line.sku, line.supplier_sku.value_or(""), line.quantity,
                           line.price_minor.value_or(0)});
  }
  row.body = channels::webhook::purchase_body(order);
  return row;
}

base::Status PurchasePosts::put(publish::PostRow row) {
  std::vector<publish::PostChange> changes;
  if (auto ok = core_.post->put(core_.now, std::move(row), changes); !ok) return ok;
  save(changes);
  return {};
}

base::Status PurchasePosts::told(const std::string& purchase, std::string action, std::string why,
                                 std::string by) {
  const auto kept = core_.record(wire::PurchaseDecided{purchase, std::move(action), std::nullopt,
                                                       std::move(why), std::move(by)},
                                 {.subject = purchase});
  return kept ? core_.store->trouble() : base::pass(kept.error());
}

base::Status PurchasePosts::order(const std::string& purchase) {
  auto row = row_of(purchase);
  if (auto ok = core_.store->trouble(); !ok) return ok;
  if (row && row->url.empty()) return {};
  auto queued = row ? put(std::move(*row)) : base::Status(base::pass(row.error()));
  if (queued) return {};
  return told(purchase, "refused", queued.error().detail, kServer);
}

base::Status PurchasePosts::again(const std::string& purchase) {
  auto row = row_of(purchase);
  if (auto ok = core_.store->trouble(); !ok) return ok;
  if (row && row->url.empty()) {
    return base::fail(Fault::conflict, "purchase: the supplier of " + purchase +
                                           " has no address that takes orders; enter one "
                                           "(`dockline suppliers set --webhook`)");
  }
  auto queued = row ? put(std::move(*row)) : base::Status(base::pass(row.error()));
  if (queued) return {};
  return base::fail(Fault::conflict, "purchase: " + queued.error().detail);
}

base::Status PurchasePosts::otherwise(const std::string& purchase, const std::string& by) {
  std::vector<publish::PostChange> changes;
  core_.post->drop(purchase, changes);
  save(changes);
  return told(purchase, "otherwise", "", by);
}

base::Status PurchasePosts::on_result(const ChannelResult& result) {
  std::vector<publish::PostChange> changes;
  auto ended = core_.post->on_result(core_.now, result, changes);
  save(changes);
  if (!ended) return core_.store->trouble();
  const auto& row = ended->row;
  if (ended->end == SupplierPost::End::late) {
    core_.raise("purchase_unsent", row.purchase,
                "Purchase " + row.purchase + " is not with " + row.supplier +
                    " yet: " + std::to_string(row.attempts) + " attempts in half an hour.",
                row.url + ": " + ended->why,
                "It is tried again by itself for a day. If it must not wait, order by mail or "
                "telephone and say so here.");
    return core_.store->trouble();
  }
  const auto tries = std::to_string(row.attempts) + (row.attempts == 1 ? " attempt" : " attempts");
  if (ended->end == SupplierPost::End::taken) {
    return told(row.purchase, "taken", row.url + ", " + tries, kServer);
  }
  const auto way_out = ended->proposed.empty() ? "" : ". " + ended->proposed;
  return told(row.purchase, "refused", row.url + ", " + tries + ": " + ended->why + way_out,
              kServer);
}

void PurchasePosts::flush(std::vector<Effect>& effects) {
  std::vector<publish::PostChange> changes;
  for (auto& request : core_.post->start(core_.now, changes)) {
    effects.emplace_back(std::move(request));
  }
  save(changes);
}

}  // namespace dockline::server
