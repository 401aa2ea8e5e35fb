// Bodies about deliveries, transfers, counts and moves into commands.
#include "server/api/fields.hpp"
#include "server/api/receiving.hpp"

namespace dockline::server::api {
namespace {

constexpr std::size_t kSiteBytesMax = 32;

}  // namespace

std::optional<domain::Lot> lot_of(Fields& f) {
  std::optional<domain::Lot> out;
  f.object("lot", false, [&](Fields& l) {
    out.emplace();
    out->lot = l.maybe_text("lot", 1, kCodeBytesMax);
    out->serial = l.maybe_text("serial", 1, kCodeBytesMax);
    out->expires_ms = l.maybe_integer("expires_ms", 0, kWallMsMax);
    out->ownership = l.maybe_text("ownership", 1, kCodeBytesMax);
    out->owner = l.maybe_text("owner", 1, kCodeBytesMax);
    l.only({"lot", "serial", "expires_ms", "ownership", "owner"});
  });
  return out;
}

namespace {

template <class Body, class Read>
std::expected<StockCommand, Problem> command(std::string_view body, Body start, Read read) {
  auto out = read_body(body, std::move(start), read);
  if (!out) return std::unexpected(std::move(out.error()));
  return StockCommand{std::move(*out)};
}

}  // namespace

std::expected<StockCommand, Problem> move_body(std::string_view body) {
  return command(body, MoveStock{}, [](Fields& f, MoveStock& m) {
    m.sku = f.text("sku", 1, kCodeBytesMax);
    m.site = f.text("site", 1, kSiteBytesMax);
    m.from = f.text("from", 1, kSiteBytesMax);
    m.to = f.text("to", 1, kSiteBytesMax);
    m.quantity = f.integer("quantity", 1, limits::kLineQuantityMax);
    m.reason = f.text("reason", 1);
    m.lot = lot_of(f);
    m.from_bin = f.maybe_text("from_bin", 1, kCodeBytesMax).value_or("");
    m.to_bin = f.maybe_text("to_bin", 1, kCodeBytesMax).value_or("");
    f.only({"sku", "site", "from", "to", "quantity", "reason", "lot", "from_bin", "to_bin"});
  });
}

std::expected<StockCommand, Problem> announce_body(std::string_view body) {
  return command(body, AnnounceDelivery{}, [](Fields& f, AnnounceDelivery& d) {
    d.delivery = f.text("delivery", 1, kCodeBytesMax);
    d.supplier = f.text("supplier", 1, kCodeBytesMax);
    d.site = f.text("site", 1, kSiteBytesMax);
    d.expected_ms = f.maybe_integer("expected_ms", 0, kWallMsMax);
    f.list("lines", 1, limits::kOrderLinesMax, [&](Fields& l) {
      auto& line = d.lines.emplace_back();
      line.sku = l.text("sku", 1, kCodeBytesMax);
      line.quantity = l.integer("quantity", 1, limits::kLineQuantityMax);
      l.only({"sku", "quantity"});
    });
    f.only({"delivery", "supplier", "site", "expected_ms", "lines"});
  });
}

std::expected<StockCommand, Problem> receive_body(const std::string& delivery,
                                                  std::string_view body) {
  ReceiveGoods start;
  if (!delivery.empty()) start.delivery = delivery;
  return command(body, start, [](Fields& f, ReceiveGoods& r) {
    if (r.delivery) {
      r.site = f.maybe_text("site", 1, kSiteBytesMax).value_or("");
    } else {
      r.site = f.text("site", 1, kSiteBytesMax);
    }
    r.sku = f.maybe_text("sku", 1, kCodeBytesMax).value_or("");
    r.code = f.maybe_text("code", 1, kCodeBytesMax).value_or("");
    r.quantity = f.integer("quantity", 1, limits::kLineQuantityMax);
    r.damaged = f.maybe_integer("damaged", 0, limits::kLineQuantityMax).value_or(0);
    r.lot = lot_of(f);
    r.by = f.text("by", 1, kCodeBytesMax);
    r.bin = f.maybe_text("bin", 1, kCodeBytesMax).value_or("");
    f.only({"site", "sku", "code", "quantity", "damaged", "lot", "by", "bin"});
  });
}

std::expected<StockCommand, Problem> close_delivery_body(const std::string& delivery,
                                                         std::string_view body) {
  return command(body, CloseDelivery{.delivery = delivery, .why = {}, .by = {}},
                 [](Fields& f, CloseDelivery& d) {
                   d.why = f.text("why", 1);
                   d.by = f.text("by", 1, kCodeBytesMax);
                   f.only({"why", "by"});
                 });
}

std::expected<StockCommand, Problem> transfer_body(std::string_view body) {
  return command(body, OrderTransfer{}, [](Fields& f, OrderTransfer& t) {
    t.sku = f.text("sku", 1, kCodeBytesMax);
    t.from_site = f.text("from_site", 1, kSiteBytesMax);
    t.to_site = f.text("to_site", 1, kSiteBytesMax);
    t.quantity = f.integer("quantity", 1, limits::kLineQuantityMax);
    t.expected_ms = f.maybe_integer("expected_ms", 0, kWallMsMax);
    t.why = f.text("why", 1);
    t.by = f.text("by", 1, kCodeBytesMax);
    f.only({"sku", "from_site", "to_site", "quantity", "expected_ms", "why", "by"});
  });
}

std::expected<StockCommand, Problem> send_body(const std::string& transfer, std::string_view body) {
  SendTransfer start;
  start.transfer = transfer;
  return command(body, start, [](Fields& f, SendTransfer& t) {
    t.quantity = f.integer("quantity", 1, limits::kLineQuantityMax);
    t.lot = lot_of(f);
    t.by = f.text("by", 1, kCodeBytesMax);
    f.only({"quantity", "lot", "by"});
  });
}

std::expected<StockCommand, Problem> take_in_body(const std::string& transfer,
                                                  std::string_view body) {
  ReceiveTransfer start;
  start.transfer = transfer;
  return command(body, start, [](Fields& f, ReceiveTransfer& t) {
    t.quantity = f.integer("quantity", 0, limits::kLineQuantityMax);
    t.damaged = f.maybe_integer("damaged", 0, limits::kLineQuantityMax).value_or(0);
    t.lot = lot_of(f);
    t.by = f.text("by", 1, kCodeBytesMax);
    t.bin = f.maybe_text("bin", 1, kCodeBytesMax).value_or("");
    f.only({"quantity", "damaged", "lot", "by", "bin"});
  });
}

std::expected<StockCommand, Problem> close_transfer_body(const std::string& transfer,
                                                         std::string_view body) {
  return command(body, CloseTransfer{.transfer = transfer, .why = {}, .by = {}},
                 [](Fields& f, CloseTransfer& t) {
                   t.why = f.text("why", 1);
                   t.by = f.text("by", 1, kCodeBytesMax);
                   f.only({"why", "by"});
                 });
}

std::expected<StockCommand, Problem> count_body(std::string_view body) {
  return command(body, CountStock{}, [](Fields& f, CountStock& c) {
    c.sku = f.text("sku", 1, kCodeBytesMax);
    c.site = f.text("site", 1, kSiteBytesMax);
    c.counted = f.integer("counted", 0, limits::kLineQuantityMax);
    c.bin = f.maybe_text("bin", 1, kCodeBytesMax).value_or("");
    c.by = f.text("by", 1, kCodeBytesMax);
    f.only({"sku", "site", "counted", "bin", "by"});
  });
}

std::expected<StockCommand, Problem> ask_count_body(std::string_view body) {
  return command(body, AskCount{}, [](Fields& f, AskCount& c) {
    c.sku = f.text("sku", 1, kCodeBytesMax);
    c.site = f.text("site", 1, kSiteBytesMax);
    c.station = f.maybe_text("station", 1, kSiteBytesMax).value_or("");
    c.why = f.text("why", 1);
    f.only({"sku", "site", "station", "why"});
  });
}

std::expected<StockCommand, Problem> drop_count_body(const std::string& task,
                                                     std::string_view body) {
  return command(body, DropCount{.task = task, .why = {}}, [](Fields& f, DropCount& c) {
    c.why = f.text("why", 1);
    f.only({"why"});
  });
}

}  // namespace dockline::server::api
