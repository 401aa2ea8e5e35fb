#include "server/imports/columns.hpp"

namespace dockline::server::imports {
namespace {

struct Names {
  Column column;
  std::string_view name;
  std::vector<std::string_view> headings;  // in lower case, letters and digits only
};

const std::vector<Names>& table() {
  static const std::vector<Names> names = {
      {Column::order,
       "order",
       {"order", "orderid", "orderno", "ordernumber", "number", "invoiceno", "invoice", "name"}},
      {Column::sku,
       "sku",
       {"sku", "stockcode", "lineitemsku", "itemcode", "articleno", "article", "productcode"}},
      {Column::title,
       "title",
       {"title", "description", "lineitemname", "product", "productname", "item"}},
      {Column::quantity,
       "quantity",
       {"quantity", "qty", "lineitemquantity", "pieces", "onhand", "stock", "counted"}},
      {Column::placed,
       "placed",
       {"placed", "invoicedate", "date", "createdat", "orderdate", "placedat"}},
      {Column::price, "price", {"price", "unitprice", "lineitemprice", "itemprice"}},
      {Column::customer,
       "customer",
       {"customer", "customerid", "customername", "shippingname", "billingname", "recipient"}},
      {Column::country, "country", {"country", "shippingcountry", "countrycode"}},
      {Column::company, "company", {"company", "shippingcompany"}},
      {Column::street1,
       "street1",
       {"street1", "street", "address", "address1", "shippingaddress1", "shippingstreet"}},
      {Column::street2, "street2", {"street2", "address2", "shippingaddress2"}},
      {Column::postal_code, "postal_code", {"postalcode", "zip", "postcode", "shippingzip"}},
      {Column::city, "city", {"city", "town", "shippingcity"}},
      {Column::region, "region", {"region", "state", "province", "shippingprovince"}},
      {Column::phone, "phone", {"phone", "telephone", "shippingphone"}},
      {Column::email, "email", {"email", "mail", "emailaddress"}},
      {Column::currency, "currency", {"currency"}},
      {Column::line_id, "line_id", {"lineid", "lineitemid", "externalid"}},
      {Column::barcode, "barcode", {"barcode", "barcodes", "ean", "gtin", "upc", "ean13"}},
      {Column::site, "site", {"site", "warehouse", "location"}},
      {Column::bin, "bin", {"bin", "shelf", "binlocation"}},
      {Column::weight_g, "weight_g", {"weightg", "weight", "grams", "weightgrams"}},
  };
  return names;
}

std::string plain(std::string_view heading) {
  std::string out;
  for (const char c : heading) {
    if (c >= 'A' && c <= 'Z')
      out += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
      out += c;
  }
  return out;
}

}  // namespace

std::string_view name(Column column) {
  for (const auto& names : table()) {
    if (names.column == column) return names.name;
  }
  return "";
}

Columns::Columns(const std::vector<std::string>& header) {
  // A heading earlier in a column's list is a better name for it than a later one.
  for (const auto& names : table()) {
    for (const auto heading : names.headings) {
      for (std::size_t i = 0; i < header.size() && !at_[index(names.column)]; ++i) {
        if (plain(header[i]) == heading) at_[index(names.column)] = i;
      }
    }
  }
}

std::string_view Columns::field(const CsvRow& row, Column column) const {
  const auto at = at_[index(column)];
  return at && *at < row.fields.size() ? std::string_view(row.fields[*at]) : std::string_view{};
}

std::string Columns::place(Column column) const {
  const auto at = at_[index(column)];
  const std::string called(name(column));
  return at ? "column " + std::to_string(*at + 1) + " (" + called + ")" : called;
}

std::string Columns::missing(std::initializer_list<Column> needed) const {
  std::string text;
  for (const Column column : needed) {
    if (has(column)) continue;
    for (const auto& names : table()) {
      if (names.column != column) continue;
      text += (text.empty() ? "" : "; ") + std::string(names.name) + " (a heading like";
      for (const auto heading : names.headings) text.append(" ").append(heading);
      text += ")";
    }
  }
  return text;
}

}  // namespace dockline::server::imports
