#include "server/api/buying.hpp"
#include "server/api/values.hpp"
#include "server/stock/reorder_text.hpp"

namespace dockline::server::api {
namespace {

using namespace store;  // the rows

json::value date(std::int64_t ms) { return ms == 0 ? json::value(nullptr) : json::value(ms); }

json::value sending_of(const SendingRow& s) {
  if (s.state.empty()) return nullptr;
  json::object out{
      {"state", s.state}, {"why", s.why}, {"by", s.by}, {"at_ms", s.at_ms}, {"waits", nullptr}};
  if (s.state == "waiting") {
    out["waits"] = json::object{{"url", s.url}, {"attempts", s.attempts}, {"next_ms", s.next_ms}};
  }
  return out;
}

json::object purchase_of(const PurchaseRow& p) {
  std::int64_t sum = 0;
  for (const auto& l : p.lines.lines) sum += l.pieces * l.price_minor;
  return {{"purchase", p.purchase},
          {"supplier", p.supplier},
          {"title", p.title},
          {"site", p.site},
          {"state", p.state},
          {"currency", p.currency},
          {"total_minor", sum},
          {"proposed_ms", p.proposed_ms},
          {"decided_ms", date(p.decided_ms)},
          {"expect_ms", date(p.expect_ms)},
          {"why", p.why},
          {"by", p.by},
          {"sending", sending_of(p.sending)},
          {"lines", list(p.lines.lines, [](const stock::PurchaseLine& l) {
             return json::object{
                 {"sku", l.sku},     {"supplier_sku", l.supplier_sku}, {"quantity", l.pieces},
                 {"packs", l.packs}, {"price_minor", l.price_minor},   {"why", l.why}};
           })}};
}

}  // namespace

std::string suppliers_json(const std::vector<SupplierRow>& rows) {
  return json::serialize(whole(list(rows, [](const SupplierRow& s) {
    return json::object{
        {"supplier", s.supplier}, {"title", s.title},         {"email", s.email},
        {"webhook", s.webhook},   {"lead_days", s.lead_days}, {"review_days", s.review_days},
        {"skus", s.skus}};
  })));
}

std::string supplies_json(const Page<SupplyRow>& page) {
  return json::serialize(page_of(page, [](const SupplyRow& s) {
    return json::object{{"sku", s.sku},
                        {"supplier", s.supplier},
                        {"rank", s.rank},
                        {"supplier_sku", s.supplier_sku},
                        {"pack", s.pack},
                        {"minimum", s.minimum},
                        {"price_minor", s.price_minor},
                        {"currency", s.currency},
                        {"safety_days", s.safety_days}};
  }));
}

std::string purchases_json(const Page<PurchaseRow>& page) {
  return json::serialize(page_of(page, purchase_of));
}

std::string purchase_json(const PurchaseRow& row) {
  auto out = purchase_of(row);
  const auto mail = stock::mail(row.lines, "Dockline");
  out["mail"] = json::object{{"to", row.email}, {"subject", mail.subject}, {"body", mail.body}};
  out["webhook"] = row.webhook;
  return json::serialize(out);
}

std::string suspects_json(const std::vector<SuspectRow>& rows) {
  return json::serialize(whole(list(rows, [](const SuspectRow& s) {
    return json::object{{"sku", s.sku},
                        {"title", s.title},
                        {"site", s.site},
                        {"on_hand", s.on_hand},
                        {"odds_pm", s.odds_pm},
                        {"milli_bits", s.milli_bits},
                        {"evidence", stored(s.evidence_json)},
                        {"asked", s.asked},
                        {"at_ms", s.at_ms}};
  })));
}

std::string proposals_json(const std::vector<ProposalRow>& rows) {
  return json::serialize(whole(list(rows, [](const ProposalRow& r) {
    const auto& p = r.proposal;
    return json::object{{"sku", p.sku},         {"from_site", p.from_site},
                        {"to_site", p.to_site}, {"quantity", p.pieces},
                        {"why", p.why},         {"at_ms", r.at_ms}};
  })));
}

std::string quality_json(const std::vector<stock::Finding>& findings,
                         const std::map<stock::Flaw, std::size_t>& counts, std::size_t items,
                         bool cut) {
  auto out = whole(list(findings, [](const stock::Finding& f) {
    json::object row{{"flaw", stock::name(f.flaw)},
                     {"place", f.place},
                     {"detail", f.detail},
                     {"remedy", f.remedy}};
    if (f.seen_ms > 0) row["seen_ms"] = f.seen_ms;
    return row;
  }));
  json::object found;
  for (const auto& [flaw, n] : counts) found[stock::name(flaw)] = n;
  out["counts"] = std::move(found);
  out["items_checked"] = items;
  out["cut"] = cut;
  return json::serialize(out);
}

}  // namespace dockline::server::api
