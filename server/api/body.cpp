#include "server/api/body.hpp"

#include <algorithm>
#include <initializer_list>

#include <boost/json.hpp>

#include "shared/base/bytes.hpp"
#include "shared/base/limits.hpp"

namespace dockline::server::api {
namespace {

namespace json = boost::json;
namespace limits = base::limits;

struct Place {
  std::size_t line = 1, column = 1;
};
Place place_of(std::string_view body, std::size_t offset) {
  Place at;
  for (const char c : body.substr(0, offset)) {
    if (c == '\n') {
      ++at.line;
      at.column = 1;
    } else {
      ++at.column;
    }
  }
  return at;
}

std::expected<json::object, Problem> parse_object(std::string_view body) {
  json::stream_parser parser;
  json::error_code failed;
  const std::size_t read = parser.write_some(body.data(), body.size(), failed);
  if (!failed && !parser.done()) failed = json::error::incomplete;
  if (!failed) {
    const auto rest = body.substr(read).find_first_not_of(" \t\r\n");
    if (rest != std::string_view::npos) failed = json::error::extra_data;
  }
  if (failed) {
    const Place at = place_of(body, read);
    const std::string where =
        " at line " + std::to_string(at.line) + ", column " + std::to_string(at.column);
    if (!base::is_utf8(body)) {
      return std::unexpected(Problem{400, "bad_utf8", "the body is not UTF-8: wrong byte" + where,
                                     "Send the body as UTF-8"});
    }
    return std::unexpected(Problem{400, "bad_json",
                                   "the body is not JSON: " + failed.message() + where,
                                   "Mend the JSON there (RFC 8259)"});
  }
  json::value value = parser.release();
  if (!value.is_object()) {
    return std::unexpected(Problem{400, "bad_json", "the body is not a JSON object", "Send {...}"});
  }
  return std::move(value.get_object());
}

// Takes fields out of one object. The first problem is kept; reading goes on harmlessly.
class Fields {
 public:
  Fields(const json::object& in, std::string path, Problem& problem)
      : in_(in), path_(std::move(path)), problem_(problem) {}

  // At the end: any field that nobody asked for is a typo.
  void only(std::initializer_list<std::string_view> known) {
    for (const auto& field : in_) {
      if (std::find(known.begin(), known.end(), std::string_view(field.key())) != known.end()) {
        continue;
      }
      std::string all;
      for (const auto name : known) all += (all.empty() ? "" : ", ") + std::string(name);
      refuse(at(field.key()), "is not known here", "Known: " + all);
    }
  }

  std::string text(std::string_view name, std::size_t bytes_min,
                   std::size_t bytes_max = limits::kTextBytesMax) {
    return maybe_text(name, bytes_min, bytes_max, true).value_or("");
  }
  std::optional<std::string> maybe_text(std::string_view name, std::size_t bytes_min = 0,
                                        std::size_t bytes_max = limits::kTextBytesMax,
                                        bool needed = false) {
    const json::value* found = member(name, needed && bytes_min > 0);
    if (found == nullptr) return std::nullopt;
    if (!found->is_string()) {
      refuse(at(name), "must be a text", "Put it in quotes");
      return std::nullopt;
    }
    const std::string value(found->get_string());
    if (value.size() < bytes_min || value.size() > bytes_max) {
      refuse(at(name), "has " + std::to_string(value.size()) + " bytes",
             std::to_string(bytes_min) + " to " + std::to_string(bytes_max) + " are allowed");
    }
    if (std::any_of(value.begin(), value.end(),
                    [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
      refuse(at(name), "holds a control character", "Send printable text in one line");
    }
    return value;
  }

  std::int64_t integer(std::string_view name, std::int64_t min, std::int64_t max) {
    return maybe_integer(name, min, max, true).value_or(0);
  }
  std::optional<std::int64_t> maybe_integer(std::string_view name, std::int64_t min,
                                            std::int64_t max, bool needed = false) {
    const json::value* found = member(name, needed);
    if (found == nullptr) return std::nullopt;
    json::error_code failed;
    const auto value = found->to_number<std::int64_t>(failed);
    if (failed || found->is_double()) {
      refuse(at(name), "must be a whole number", "Send digits without quotes or fraction");
      return std::nullopt;
    }
    if (value < min || value > max) {
      refuse(at(name), "is " + std::to_string(value),
             std::to_string(min) + " to " + std::to_string(max) + " is allowed");
    }
    return value;
  }

  bool boolean(std::string_view name) {
    const json::value* found = member(name, true);
    if (found == nullptr) return false;
    if (found->is_bool()) return found->get_bool();
    refuse(at(name), "must be true or false", "Send true or false without quotes");
    return false;
  }

  // Calls read(Fields&) for each object of the list.
  template <class Read>
  void list(std::string_view name, std::size_t least, std::size_t most, Read read) {
    const json::value* found = member(name, least > 0);
    if (found == nullptr) return;
    if (!found->is_array()) return refuse(at(name), "must be a list", "Send [...]");
    const auto& array = found->get_array();
    if (array.size() < least || array.size() > most) {
      return refuse(at(name), "has " + std::to_string(array.size()) + " entries",
                    std::to_string(least) + " to " + std::to_string(most) + " are allowed");
    }
    for (std::size_t i = 0; i < array.size(); ++i) {
      std::string where = at(name) + "[" + std::to_string(i) + "]";
      if (!array[i].is_object()) return refuse(where, "must be an object", "Send {...}");
      Fields inner(array[i].get_object(), where, problem_);
      read(inner);
    }
  }
  template <class Read>
  void object(std::string_view name, bool needed, Read read) {
    const json::value* found = member(name, needed);
    if (found == nullptr) return;
    if (!found->is_object()) return refuse(at(name), "must be an object", "Send {...}");
    Fields inner(found->get_object(), at(name), problem_);
    read(inner);
  }
  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& field : in_) out.emplace_back(field.key());
    return out;
  }

 private:
  [[nodiscard]] std::string at(std::string_view name) const {
    return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
  }
  const json::value* member(std::string_view name, bool needed) {
    const json::value* found = in_.if_contains(name);
    if (found != nullptr && !found->is_null()) return found;
    if (needed) refuse(at(name), "is missing", "Add it");
    return nullptr;
  }
  void refuse(const std::string& where, const std::string& what, std::string remedy) {
    if (problem_.code.empty()) {
      problem_ = {422, "refused", where + " " + what, std::move(remedy)};
    }
  }

  const json::object& in_;
  std::string path_;
  Problem& problem_;
};

// Parses, reads, and gives the command or the first problem.
template <class Command, class Read>
std::expected<Command, Problem> read_body(std::string_view body, Command command, Read read) {
  const auto object = parse_object(body);
  if (!object) return std::unexpected(object.error());
  Problem problem;
  Fields fields(*object, "", problem);
  read(fields, command);
  if (!problem.code.empty()) return std::unexpected(std::move(problem));
  return command;
}

constexpr std::size_t kCodeBytesMax = 100;  // order numbers, SKUs, barcodes, places
constexpr std::int64_t kMoneyMax = 1'000'000'000'000;
constexpr std::int64_t kWallMsMax = 253'402'300'799'999;  // end of year 9999

void read_address(Fields& f, domain::Address& out) {
  out.name = f.text("name", 1);
  out.company = f.maybe_text("company");
  out.street1 = f.maybe_text("street1");
  out.street2 = f.maybe_text("street2");
  out.postal_code = f.maybe_text("postal_code");
  out.city = f.maybe_text("city");
  out.region = f.maybe_text("region");
  out.country = f.maybe_text("country");
  out.phone = f.maybe_text("phone");
  out.email = f.maybe_text("email");
  f.only({"name", "company", "street1", "street2", "postal_code", "city", "region", "country",
          "phone", "email"});
}

void read_line(Fields& f, domain::OrderLine& out) {
  out.line =
      f.maybe_integer("line", 1, static_cast<std::int64_t>(limits::kOrderLinesMax)).value_or(0);
  out.sku = f.text("sku", 1, kCodeBytesMax);
  out.title = f.maybe_text("title").value_or("");
  out.quantity = f.integer("quantity", 1, limits::kLineQuantityMax);
  out.unit_price_minor = f.maybe_integer("unit_price_minor", -kMoneyMax, kMoneyMax);
  out.external_id = f.maybe_text("external_id");
  f.only({"line", "sku", "title", "quantity", "unit_price_minor", "external_id"});
}

void read_charge(Fields& f, domain::OrderCharge& out) {
  out.code = f.text("code", 1, kCodeBytesMax);
  out.title = f.maybe_text("title").value_or("");
  out.quantity =
      f.maybe_integer("quantity", -limits::kLineQuantityMax, limits::kLineQuantityMax).value_or(1);
  out.unit_price_minor = f.maybe_integer("unit_price_minor", -kMoneyMax, kMoneyMax);
  f.only({"code", "title", "quantity", "unit_price_minor"});
}

}  // namespace

std::expected<ReceiveOrder, Problem> order_body(std::string_view body) {
  return read_body(body, ReceiveOrder{}, [](Fields& f, ReceiveOrder& out) {
    out.channel = f.maybe_text("channel", 1, 32).value_or("api");
    out.number = f.text("number", 1, kCodeBytesMax);
    out.external_id = f.maybe_text("external_id");
    out.placed_ms = f.maybe_integer("placed_ms", 0, kWallMsMax);
    out.currency = f.maybe_text("currency", 3, 3).value_or("EUR");
    f.object("ship_to", true, [&](Fields& a) { read_address(a, out.ship_to); });
    f.list("lines", 1, limits::kOrderLinesMax,
           [&](Fields& l) { read_line(l, out.lines.emplace_back()); });
    f.list("charges", 0, limits::kOrderLinesMax,
           [&](Fields& c) { read_charge(c, out.charges.emplace_back()); });
    f.only({"channel", "number", "external_id", "placed_ms", "currency", "ship_to", "lines",
            "charges"});
  });
}

std::expected<CancelOrder, Problem> cancel_body(const std::string& order, std::string_view body) {
  return read_body(body, CancelOrder{.order = order}, [](Fields& f, CancelOrder& out) {
    out.reason = f.text("reason", 1);
    f.list("lines", 0, limits::kOrderLinesMax, [&](Fields& l) {
      const auto line = l.integer("line", 1, static_cast<std::int64_t>(limits::kOrderLinesMax));
      out.lines.emplace_back(line, l.integer("quantity", 1, limits::kLineQuantityMax));
      l.only({"line", "quantity"});
    });
    f.only({"reason", "lines"});
  });
}

std::expected<AdjustStock, Problem> adjust_body(std::string_view body) {
  auto out = read_body(body, AdjustStock{}, [](Fields& f, AdjustStock& a) {
    a.sku = f.text("sku", 1, kCodeBytesMax);
    a.site = f.text("site", 1, 32);
    a.quantity = f.integer("quantity", -limits::kLineQuantityMax, limits::kLineQuantityMax);
    a.reason = f.text("reason", 1);
    f.only({"sku", "site", "quantity", "reason"});
  });
  if (out && out->quantity == 0) {
    return std::unexpected(
        Problem{422, "refused", "quantity is 0",
                "Send pieces found as a positive, pieces lost as a negative number"});
  }
  return out;
}

std::expected<RegisterItem, Problem> item_body(std::string_view body) {
  return read_body(body, RegisterItem{}, [](Fields& f, RegisterItem& out) {
    out.item.sku = f.text("sku", 1, kCodeBytesMax);
    out.item.title = f.text("title", 1);
    out.item.detail = f.maybe_text("detail");
    out.item.weight_g = f.maybe_integer("weight_g", 0, 100'000'000);
    f.list("barcodes", 0, 100, [&](Fields& b) {
      auto& barcode = out.item.barcodes.emplace_back();
      barcode.code = b.text("code", 1, kCodeBytesMax);
      barcode.pieces = b.maybe_integer("pieces", 1, limits::kLineQuantityMax).value_or(1);
      b.only({"code", "pieces"});
    });
    f.object("bins", false, [&](Fields& b) {
      for (const auto& site : b.names())
        out.bins.emplace_back(site, b.text(site, 1, kCodeBytesMax));
    });
    f.only({"sku", "title", "detail", "weight_g", "barcodes", "bins"});
  });
}

std::expected<ResolveException, Problem> resolve_body(const std::string& exception,
                                                      std::string_view body) {
  return read_body(body, ResolveException{.exception = exception},
                   [](Fields& f, ResolveException& out) {
                     out.action = f.text("action", 1, kCodeBytesMax);
                     out.by = f.text("by", 1, kCodeBytesMax);
                     f.only({"action", "by"});
                   });
}

std::expected<ForceRevoke, Problem> revoke_body(const std::string& order, std::string_view body) {
  return read_body(body, ForceRevoke{.order = order}, [](Fields& f, ForceRevoke& out) {
    out.reason = f.text("reason", 1);
    out.by = f.text("by", 1, kCodeBytesMax);
    f.only({"reason", "by"});
  });
}

std::expected<WriteOffStation, Problem> write_off_body(const std::string& site,
                                                       const std::string& station,
                                                       std::string_view body) {
  return read_body(body, WriteOffStation{.site = site, .station = station},
                   [](Fields& f, WriteOffStation& out) {
                     out.reason = f.text("reason", 1);
                     out.by = f.text("by", 1, kCodeBytesMax);
                     f.only({"reason", "by"});
                   });
}

std::expected<DecideOutbox, Problem> decide_body(std::int64_t row, std::string_view body) {
  return read_body(body, DecideOutbox{.row = row}, [](Fields& f, DecideOutbox& out) {
    out.again = f.boolean("again");
    f.only({"again"});
  });
}

std::string live_token(std::string_view message) {
  const auto object = parse_object(message);
  if (!object) return "";
  const json::value* token = object->if_contains("token");
  return token != nullptr && token->is_string() ? std::string(token->get_string()) : "";
}

}  // namespace dockline::server::api
