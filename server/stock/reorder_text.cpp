#include "server/stock/reorder_text.hpp"

namespace dockline::server::stock {
namespace {

// One line of text without what could start another.
std::string one_line(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return out;
}

}  // namespace

std::vector<std::vector<std::string>> table(std::span<const Purchase> purchases) {
  std::vector<std::vector<std::string>> rows = {
      {"supplier", "site", "sku", "supplier_sku", "quantity", "packs", "unit_price_minor", "why"}};
  for (const auto& purchase : purchases) {
    for (const auto& line : purchase.lines) {
      rows.push_back({purchase.supplier, purchase.site, line.sku, line.supplier_sku,
                      std::to_string(line.pieces), std::to_string(line.packs),
                      std::to_string(line.price_minor), line.why});
    }
  }
  return rows;
}

std::vector<std::vector<std::string>> table(std::span<const TransferProposal> transfers) {
  std::vector<std::vector<std::string>> rows = {{"sku", "from_site", "to_site", "quantity", "why"}};
  for (const auto& t : transfers) {
    rows.push_back({t.sku, t.from_site, t.to_site, std::to_string(t.pieces), t.why});
  }
  return rows;
}

Mail mail(const Purchase& purchase, std::string_view our_name) {
  Mail out;
  out.subject = one_line("Order for " + purchase.site + " from " + std::string(our_name));
  out.body = "Dear " + one_line(purchase.supplier) + ",\n\nplease deliver to our site " +
             one_line(purchase.site) + ":\n\n";
  for (const auto& line : purchase.lines) {
    const auto& theirs = line.supplier_sku.empty() ? line.sku : line.supplier_sku;
    out.body += std::to_string(line.pieces) + " x " + one_line(theirs);
    if (line.packs != line.pieces) out.body += " (" + std::to_string(line.packs) + " packs)";
    if (theirs != line.sku) out.body += ", our number " + one_line(line.sku);
    out.body += "\n";
  }
  out.body += "\nPlease announce the delivery with these numbers.\n\n" + one_line(our_name) + "\n";
  return out;
}

}  // namespace dockline::server::stock
