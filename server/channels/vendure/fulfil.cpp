// One parcel out. Vendure does not refuse the same parcel twice by key, so each attempt first reads
// the order's fulfilments and recognises ours by its tracking code.
#include <map>

#include "server/channels/vendure/exchanges.hpp"
#include "server/channels/vendure/graphql.hpp"

namespace dockline::server::channels::vendure {

namespace {

constexpr std::int64_t kStockFirstMs = 1'000;

class Fulfil final : public GraphQl {
 public:
  Fulfil(const Config& config, Session& session, FulfilmentPush push)
      : GraphQl(config, session), push_(std::move(push)) {}

 private:
  enum class Step { read, add, ship };

  Ask first() override { return read(); }

  Ask read() {
    step_ = Step::read;
    return ask("order_read", {{"code", push_.number}});
  }

  Verdict on_data(const json::value& data) override {
    switch (step_) {
      case Step::read:
        return on_order(data);
      case Step::add:
        return on_added(member(&data, "addFulfillmentToOrder"));
      case Step::ship:
        return on_shipped(member(&data, "transitionFulfillmentToState"));
    }
    return RetryAfter{"no answer to read"};
  }

  Verdict on_order(const json::value& data) {
    const auto& orders = list(member(&data, "orders"), "items");
    if (orders.empty()) {
      return Rejected{.why = "the shop has no order " + push_.number,
                      .proposed = "Check that this channel still points at the same shop."};
    }
    const json::value* order = &orders.front();
    for (const auto& fulfilment : list(order, "fulfillments")) {
      if (text(&fulfilment, "trackingCode") == push_.tracking) return on_ours(fulfilment);
    }
    if (text(order, "state") == "Cancelled") {
      return Rejected{.why = "order " + push_.number + " is cancelled in the shop, but parcel " +
                             push_.tracking + " is packed",
                      .proposed = "Stop the parcel, or tell the customer that it comes anyway."};
    }
    return add(order);
  }

  // It is there already: from an attempt whose answer we never read.
  Verdict on_ours(const json::value& fulfilment) {
    fulfilment_ = text(&fulfilment, "id");
    const auto state = text(&fulfilment, "state");
    if (state == "Shipped" || state == "Delivered") return Delivered{.external_id = fulfilment_};
    if (state == "Cancelled") {
      return Rejected{.why = "somebody cancelled fulfilment " + push_.tracking + " in the shop",
                      .proposed = "Decide whether parcel " + push_.tracking + " still goes out."};
    }
    return ship();
  }

  Verdict add(const json::value* order) {
    std::map<std::string, domain::Quantity> left;
    std::map<std::string, std::string> by_sku;
    for (const auto& line : list(order, "lines")) {
      left[text(&line, "id")] = number(&line, "quantity");
      by_sku[text(member(&line, "productVariant"), "sku")] = text(&line, "id");
    }
    for (const auto& fulfilment : list(order, "fulfillments")) {
      if (text(&fulfilment, "state") == "Cancelled") continue;
      for (const auto& line : list(&fulfilment, "lines")) {
        left[text(&line, "orderLineId")] -= number(&line, "quantity");
      }
    }
    json::array lines;
    for (const auto& line : push_.lines) {
      if (line.quantity <= 0) continue;
      const auto id = line.external_id ? *line.external_id : by_sku[line.sku];
      if (left[id] < line.quantity) return too_many(line, left[id]);
      lines.push_back({{"orderLineId", id}, {"quantity", line.quantity}});
    }
    step_ = Step::add;
    const json::array arguments{{{"name", "method"}, {"value", push_.carrier}},
                                {{"name", "trackingCode"}, {"value", push_.tracking}}};
    return ask("fulfil",
               {{"input",
                 {{"lines", std::move(lines)},
                  {"handler", {{"code", "manual-fulfillment"}, {"arguments", arguments}}}}}});
  }

  Verdict too_many(const FulfilledLine& line, domain::Quantity left) const {
    return Rejected{
        .why = "parcel " + push_.tracking + " holds " + std::to_string(line.quantity) + " of " +
               line.sku + ", but the shop wants only " + std::to_string(left) + " more",
        .proposed = "See who else fulfilled or cancelled order " + push_.number + " in the shop."};
  }

  Verdict on_added(const json::value* added) {
    if (const auto error = error_result(added)) {
      // Its figure at that place is lower than what we packed. Our figures go out on their own.
      if (error->code == "INSUFFICIENT_STOCK_ON_HAND_ERROR") {
        return RetryAfter{.why = "the shop counts too little stock: " + error->message,
                          .delay_ms = kStockFirstMs};
      }
      if (error->code == "ITEMS_ALREADY_FULFILLED_ERROR" && !read_again_) {
        read_again_ = true;
        return read();
      }
      return Rejected{.why = "the shop refuses the fulfilment: " + error->message,
                      .proposed = "Look at order " + push_.number + " in the shop."};
    }
    fulfilment_ = text(added, "id");
    if (fulfilment_.empty()) return RetryAfter{"a fulfilment without an id"};
    if (text(added, "state") == "Shipped") return Delivered{.external_id = fulfilment_};
    return ship();
  }

  Ask ship() {
    step_ = Step::ship;
    return ask("ship", {{"id", fulfilment_}});
  }

  Verdict on_shipped(const json::value* shipped) {
    const auto error = error_result(shipped);
    if (!error) return Delivered{.external_id = fulfilment_};
    const auto from = text(shipped, "fromState");
    if (from == "Shipped" || from == "Delivered") return Delivered{.external_id = fulfilment_};
    return RetryAfter{"the shop does not mark it as shipped: " + error->message};
  }

  FulfilmentPush push_;
  Step step_ = Step::read;
  std::string fulfilment_;
  bool read_again_ = false;
};

}  // namespace

std::unique_ptr<Exchange> fulfil(const Config& config, Session& session,
                                 const FulfilmentPush& push) {
  return std::make_unique<Fulfil>(config, session, push);
}

}  // namespace dockline::server::channels::vendure
