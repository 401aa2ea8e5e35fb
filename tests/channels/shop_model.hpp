// A model of a Vendure shop for tests: the documents of operations/ over a few tables, with the
// behaviour seen at the real one (README.md): absolute stock set, allocation at the first location
// that has the pieces, sale when a fulfilment is added, errors inside HTTP 200.
// tests/storefront proves the same code against the real shop.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "shared/base/http.hpp"
#include "shared/base/time.hpp"

namespace dockline::server::channels::vendure {

namespace json = boost::json;

class ShopModel {
 public:
  struct Level {
    std::int64_t on_hand = 0, allocated = 0;
  };
  struct Line {
    std::string id, sku;
    std::int64_t quantity = 0;
    std::map<std::string, std::int64_t> allocated;  // location -> pieces
  };
  struct Fulfilment {
    std::string id, state, tracking;
    std::vector<std::pair<std::string, std::int64_t>> lines;
  };
  struct Order {
    std::string id, code, state = "PaymentSettled";
    std::int64_t placed_ms = 0;
    std::vector<Line> lines;
    std::vector<Fulfilment> fulfilments;
    std::string street = "Hauptstr. 1";  // of the shipping address
    std::string postal_code = "10115";
  };

  std::vector<std::string> locations{"1", "2"};
  std::map<std::string, std::map<std::string, Level>> stock;  // sku -> location
  // Listings that nobody keeps in order, by id: seen when all are listed, never sold.
  struct Oddity {
    std::string sku, name;
    bool tracked = true;
  };
  std::map<std::string, Oddity> oddities;
  std::vector<Order> orders;
  std::string user, password, token = "t0";
  std::string prefix = "CODE";  // of order codes
  std::int64_t writes = 0, requests = 0;

  std::int64_t saleable(const std::string& sku) const {
    std::int64_t sum = 0;
    for (const auto& [location, level] : stock.at(sku)) sum += level.on_hand - level.allocated;
    return sum;
  }

  // Told when it happened, each time: a level was set (what may be sold there now), a parcel was
  // added.
  std::function<void(const std::string& sku, const std::string& location, std::int64_t saleable)>
      on_stock_set;
  std::function<void(const Order&, const Fulfilment&)> on_fulfilled;

  // A customer buys, if the shop thinks that it can.
  bool buy(const std::string& sku, std::int64_t quantity, std::int64_t now_ms) {
    return buy({{sku, quantity}}, now_ms);
  }
  bool buy(const std::map<std::string, std::int64_t>& wanted, std::int64_t now_ms) {
    for (const auto& [sku, quantity] : wanted) {
      if (saleable(sku) < quantity) return false;
    }
    const auto number = std::to_string(orders.size() + 1);
    Order order{.id = number, .code = prefix + number, .placed_ms = now_ms};
    for (const auto& [sku, quantity] : wanted) {
      Line line{.id = "L" + number, .sku = sku, .quantity = quantity};
      if (!order.lines.empty()) line.id += "-" + std::to_string(order.lines.size() + 1);
      allocate(line, quantity);
      order.lines.push_back(line);
    }
    orders.push_back(order);
    return true;
  }

  // Pieces of the first line that are not yet fulfilled are given back.
  void cancel(Order& order, std::int64_t quantity) { cancel(order, order.lines.front(), quantity); }
  void cancel(Order& order, Line& line, std::int64_t quantity) {
    quantity = std::min(quantity, line.quantity);
    line.quantity -= quantity;
    for (auto& [location, pieces] : line.allocated) {
      const auto back = std::min(pieces, quantity);
      pieces -= back;
      quantity -= back;
      stock.at(line.sku).at(location).allocated -= back;
    }
    const auto left = [](const Line& one) { return one.quantity > 0; };
    if (std::ranges::none_of(order.lines, left)) order.state = "Cancelled";
  }

  // The buyer wants more of a line, or of something else, and pays for it.
  bool add(Order& order, const std::string& sku, std::int64_t quantity) {
    if (saleable(sku) < quantity) return false;
    for (auto& line : order.lines) {
      if (line.sku != sku) continue;
      allocate(line, quantity);
      line.quantity += quantity;
      return true;
    }
    Line line{.id = "L" + order.id + "-" + std::to_string(order.lines.size() + 1), .sku = sku};
    allocate(line, quantity);
    line.quantity = quantity;
    order.lines.push_back(line);
    return true;
  }

  base::HttpResponse answer(const base::HttpRequest& request) {
    ++requests;
    const auto body = json::parse(request.body).as_object();
    const std::string query(body.at("query").as_string());
    const auto& in = body.at("variables").as_object();
    base::HttpResponse out{.status = 200, .headers = {{"content-type", "application/json"}}};
    if (query.starts_with("mutation Login")) return login(in, out);
    if (!user.empty() && !allowed(request)) {
      out.body = R"({"errors":[{"message":"not authorized","extensions":{"code":"FORBIDDEN"}}]})";
      return out;
    }
    out.body = json::serialize(json::object{{"data", data(query, in)}});
    return out;
  }

 private:
  void allocate(Line& line, std::int64_t quantity) {
    for (auto& [location, level] : stock.at(line.sku)) {
      const auto take = std::clamp<std::int64_t>(level.on_hand - level.allocated, 0, quantity);
      level.allocated += take;
      line.allocated[location] += take;
      quantity -= take;
    }
  }
  static std::string str(const json::value& value) { return std::string(value.as_string()); }

  base::HttpResponse login(const json::object& in, base::HttpResponse out) {
    if (str(in.at("username")) != user || str(in.at("password")) != password) {
      out.body =
          R"({"data":{"login":{"errorCode":"INVALID_CREDENTIALS_ERROR","message":"invalid"}}})";
      return out;
    }
    out.headers.emplace_back("vendure-auth-token", token);
    out.body = R"({"data":{"login":{"__typename":"CurrentUser"}}})";
    return out;
  }

  bool allowed(const base::HttpRequest& request) const {
    return std::ranges::any_of(request.headers, [&](const auto& header) {
      return header.first == "authorization" && header.second == "Bearer " + token;
    });
  }

  json::object data(const std::string& query, const json::object& in) {
    if (query.starts_with("query StockRead")) return stock_read(in);
    if (query.starts_with("mutation StockSet")) return stock_set(in);
    if (query.starts_with("query StockAudit")) return stock_audit();
    if (query.starts_with("query Orders")) return order_list(in.at("options").as_object());
    if (query.starts_with("query OrderRead")) return order_read(in);
    if (query.starts_with("mutation Fulfil")) return fulfil(in.at("input").as_object());
    return ship(in);
  }

  json::object variant(const std::string& sku) const {
    json::array levels;
    for (const auto& [location, level] : stock.at(sku)) {
      levels.push_back({{"stockLocationId", location},
                        {"stockOnHand", level.on_hand},
                        {"stockAllocated", level.allocated}});
    }
    return {{"id", "v-" + sku},
            {"sku", sku},
            {"trackInventory", "INHERIT"},
            {"stockLevels", std::move(levels)}};
  }

  json::object stock_read(const json::object& in) const {
    json::array items;
    const auto& filter = in.at("sku").as_object();
    const bool exact = filter.contains("eq");
    const std::string wanted(filter.at(exact ? "eq" : "contains").as_string());
    if (exact && stock.contains(wanted)) items.push_back(variant(wanted));
    for (const auto& [sku, levels] : stock) {
      if (exact) break;
      std::string upper = sku;
      for (auto& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      if (upper.contains(wanted)) items.push_back(variant(sku));
    }
    const std::string location(in.at("location").as_string());
    const auto total = items.size();
    return {{"productVariants", {{"totalItems", total}, {"items", std::move(items)}}},
            {"stockLocations", {{"totalItems", std::ranges::count(locations, location)}}}};
  }

  json::object stock_audit() const {
    json::array items;
    for (const auto& [sku, levels] : stock) {
      auto one = variant(sku);
      one["name"] = "The " + sku;
      items.push_back(std::move(one));
    }
    for (const auto& [id, odd] : oddities) {
      items.push_back({{"id", id},
                       {"sku", odd.sku},
                       {"name", odd.name},
                       {"trackInventory", odd.tracked ? "INHERIT" : "FALSE"},
                       {"stockLevels", json::array{}}});
    }
    const auto total = items.size();
    return {{"productVariants", {{"totalItems", total}, {"items", std::move(items)}}}};
  }

  json::object stock_set(const json::object& in) {
    ++writes;
    for (const auto& one : in.at("input").as_array()) {
      const std::string sku(one.at("id").as_string().subview(2));
      for (const auto& level : one.at("stockLevels").as_array()) {
        const std::string location(level.at("stockLocationId").as_string());
        auto& here = stock.at(sku)[location];
        here.on_hand = level.at("stockOnHand").as_int64();
        if (on_stock_set) on_stock_set(sku, location, here.on_hand - here.allocated);
      }
    }
    json::array changed;
    for (const auto& one : in.at("input").as_array())
      changed.push_back(json::object{{"id", one.at("id")}});
    return {{"updateProductVariants", changed}};
  }

  // What OrderRead asks for; Orders asks for more.
  static json::object brief(const Order& order) {
    json::array lines, fulfilments;
    for (const auto& line : order.lines) {
      lines.push_back(
          {{"id", line.id}, {"quantity", line.quantity}, {"productVariant", {{"sku", line.sku}}}});
    }
    for (const auto& one : order.fulfilments) {
      json::array parts;
      for (const auto& [line, quantity] : one.lines) {
        parts.push_back({{"orderLineId", line}, {"quantity", quantity}});
      }
      fulfilments.push_back({{"id", one.id},
                             {"state", one.state},
                             {"trackingCode", one.tracking},
                             {"lines", std::move(parts)}});
    }
    return {{"id", order.id},
            {"state", order.state},
            {"lines", std::move(lines)},
            {"fulfillments", std::move(fulfilments)}};
  }

  static json::object show(const Order& order) {
    auto out = brief(order);
    for (auto& line : out.at("lines").as_array()) {
      auto& one = line.as_object();
      one["unitPriceWithTax"] = 1990;
      auto& variant = one.at("productVariant").as_object();
      variant["name"] = "The " + str(variant.at("sku"));
    }
    for (auto& one : out.at("fulfillments").as_array()) one.as_object()["method"] = "House";
    out["code"] = order.code;
    out["orderPlacedAt"] = base::to_rfc3339(order.placed_ms);
    out["currencyCode"] = "EUR";
    out["shippingWithTax"] = 500;
    out["customer"] = {{"firstName", "Ada"},
                       {"lastName", "Buyer"},
                       {"emailAddress", "ada@example.com"},
                       {"phoneNumber", nullptr}};
    out["shippingAddress"] = {
        {"fullName", "Ada Buyer"},         {"company", nullptr},  {"streetLine1", order.street},
        {"streetLine2", nullptr},          {"city", "Berlin"},    {"province", nullptr},
        {"postalCode", order.postal_code}, {"countryCode", "DE"}, {"phoneNumber", nullptr}};
    return out;
  }

  std::vector<const Order*> asked_for(const json::object& filter) const {
    std::vector<const Order*> out;
    const auto named = [](const json::array& names, const std::string& name) {
      return std::ranges::any_of(names, [&](const auto& one) { return one.as_string() == name; });
    };
    if (const auto* codes = filter.if_contains("code")) {
      for (const auto& order : orders) {
        if (named(codes->at("in").as_array(), order.code)) out.push_back(&order);
      }
      return out;
    }
    const auto after =
        base::parse_rfc3339(std::string(filter.at("orderPlacedAt").at("after").as_string()));
    const auto& states = filter.at("state").at("in").as_array();
    for (const auto& order : orders) {
      if (order.placed_ms > *after && named(states, order.state)) out.push_back(&order);
    }
    return out;
  }

  json::object order_list(const json::object& options) const {
    const auto all = asked_for(options.at("filter").as_object());
    const auto skip = options.contains("skip") ? options.at("skip").to_number<std::size_t>() : 0;
    const auto take = options.at("take").to_number<std::size_t>();
    json::array page;
    for (auto i = skip; i < std::min(all.size(), skip + take); ++i) page.push_back(show(*all[i]));
    return {{"orders", {{"totalItems", all.size()}, {"items", std::move(page)}}}};
  }

  Order* find(const std::string& code) {
    for (auto& order : orders) {
      if (order.code == code) return &order;
    }
    return nullptr;
  }

  json::object order_read(const json::object& in) {
    json::array items;
    if (const auto* order = find(std::string(in.at("code").as_string()))) {
      items.push_back(brief(*order));
    }
    return {{"orders", {{"items", items}}}};
  }

  static json::object error(const char* code) {
    return {{"addFulfillmentToOrder", {{"errorCode", code}, {"message", code}}}};
  }

  json::object fulfil(const json::object& in) {
    Fulfilment made{.id = "F" + std::to_string(++fulfilments_), .state = "Pending"};
    for (const auto& argument : in.at("handler").at("arguments").as_array()) {
      if (str(argument.at("name")) == "trackingCode") {
        made.tracking = std::string(argument.at("value").as_string());
      }
    }
    Order* of = nullptr;
    for (const auto& wanted : in.at("lines").as_array()) {
      const std::string id(wanted.at("orderLineId").as_string());
      for (auto& order : orders) {
        for (auto& line : order.lines) {
          if (line.id != id) continue;
          of = &order;
          const auto quantity = wanted.at("quantity").as_int64();
          std::int64_t left = line.quantity;
          for (const auto& other : order.fulfilments) {
            for (const auto& [known, pieces] : other.lines) left -= known == id ? pieces : 0;
          }
          if (left < quantity) return error("ITEMS_ALREADY_FULFILLED_ERROR");
          std::int64_t on_hand = 0;
          for (const auto& [location, level] : stock.at(line.sku)) on_hand += level.on_hand;
          if (on_hand < quantity) return error("INSUFFICIENT_STOCK_ON_HAND_ERROR");
          made.lines.emplace_back(id, quantity);
          sell(line, quantity);
        }
      }
    }
    if (of == nullptr) return error("EMPTY_ORDER_LINE_SELECTION_ERROR");
    of->fulfilments.push_back(made);
    if (on_fulfilled) on_fulfilled(*of, made);
    return {{"addFulfillmentToOrder",
             {{"__typename", "Fulfillment"}, {"id", made.id}, {"state", made.state}}}};
  }

  static bool all_left(const Order& order) {
    std::map<std::string, std::int64_t> left;
    for (const auto& line : order.lines) left[line.id] += line.quantity;
    for (const auto& one : order.fulfilments) {
      for (const auto& [line, pieces] : one.lines) left[line] -= pieces;
    }
    return std::ranges::all_of(left, [](const auto& one) { return one.second <= 0; });
  }

  void sell(Line& line, std::int64_t quantity) {
    for (auto& [location, pieces] : line.allocated) {
      const auto sold = std::min(pieces, quantity);
      pieces -= sold;
      quantity -= sold;
      auto& level = stock.at(line.sku).at(location);
      level.allocated -= sold;
      level.on_hand -= sold;
    }
  }

  json::object ship(const json::object& in) {
    for (auto& order : orders) {
      for (auto& one : order.fulfilments) {
        if (str(in.at("id")) != one.id) continue;
        if (one.state == "Shipped") {
          return {{"transitionFulfillmentToState",
                   {{"errorCode", "FULFILLMENT_STATE_TRANSITION_ERROR"},
                    {"message", "no"},
                    {"fromState", "Shipped"}}}};
        }
        one.state = "Shipped";
        order.state = all_left(order) ? "Shipped" : "PartiallyShipped";
        return {{"transitionFulfillmentToState",
                 {{"__typename", "Fulfillment"}, {"id", one.id}, {"state", "Shipped"}}}};
      }
    }
    return {{"transitionFulfillmentToState", {{"errorCode", "X"}, {"message", "no such"}}}};
  }

  std::int64_t fulfilments_ = 0;
};

}  // namespace dockline::server::channels::vendure
