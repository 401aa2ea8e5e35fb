#include "server/channels/vendure/graphql.hpp"

#include "shared/base/bytes.hpp"
#include "shared/base/check.hpp"
#include "shared/base/embedded.hpp"
#include "shared/base/limits.hpp"

namespace dockline::base {
std::vector<EmbeddedFile> embedded_channel_vendure();
}  // namespace dockline::base

namespace dockline::server::channels::vendure {

namespace {

constexpr std::int64_t kRefusedMs = 60'000;

std::string_view document(std::string_view name) {
  static const auto files = base::embedded_channel_vendure();
  for (const auto& file : files) {
    if (file.name == name) return file.bytes;
  }
  CHECK(false);
  return {};
}

}  // namespace

const json::value* member(const json::value* object, std::string_view key) {
  if (object == nullptr || !object->is_object()) return nullptr;
  return object->get_object().if_contains(key);
}

std::string text(const json::value* object, std::string_view key) {
  const auto* found = member(object, key);
  if (found == nullptr) return {};
  if (found->is_string()) return {found->get_string().data(), found->get_string().size()};
  return found->is_int64() ? std::to_string(found->get_int64()) : std::string();
}

std::int64_t number(const json::value* object, std::string_view key) {
  const auto* found = member(object, key);
  return found != nullptr && found->is_int64() ? found->get_int64() : 0;
}

const json::array& list(const json::value* object, std::string_view key) {
  static const json::array kNone;
  const auto* found = member(object, key);
  return found != nullptr && found->is_array() ? found->get_array() : kNone;
}

std::optional<ErrorResult> error_result(const json::value* value) {
  const auto code = text(value, "errorCode");
  if (code.empty()) return std::nullopt;
  std::string message = text(value, "message");
  for (const auto* more : {"transitionError", "fulfillmentHandlerError"}) {
    if (const auto detail = text(value, more); !detail.empty()) message += ": " + detail;
  }
  return ErrorResult{code, base::printable(message, 300)};
}

base::HttpRequest GraphQl::begin() {
  body_ = first().request.body;
  if (!config_.user.empty() && session_.token.empty()) return sign_in();
  return request();
}

Ask GraphQl::ask(std::string_view name, json::object variables) {
  const auto doc = document("operations/" + std::string(name) + ".graphql");
  body_ = json::serialize(json::object{{"query", doc}, {"variables", std::move(variables)}});
  sets_ = name == "stock_set";
  return {request(), sets_};
}

base::HttpRequest GraphQl::request() const {
  base::HttpRequest out{.method = "POST", .url = config_.url};
  out.headers.emplace_back("content-type", "application/json");
  if (config_.user.empty()) {
    out.headers.emplace_back("vendure-api-key", config_.secret);
  } else {
    out.headers.emplace_back("authorization", "Bearer " + session_.token);
  }
  out.body = body_;
  out.timeout_ms = base::limits::kHttpTimeoutMs;
  return out;
}

base::HttpRequest GraphQl::sign_in() {
  signing_in_ = true;
  base::HttpRequest out{.method = "POST", .url = config_.url};
  out.headers.emplace_back("content-type", "application/json");
  out.body = json::serialize(
      json::object{{"query", document("operations/login.graphql")},
                   {"variables", {{"username", config_.user}, {"password", config_.secret}}}});
  out.timeout_ms = base::limits::kHttpTimeoutMs;
  return out;
}

Verdict GraphQl::refused(const std::string& why) const {
  return Throttled{
      .why = why + " Check user, secret_file and the role of this account at " + config_.url + ".",
      .delay_ms = kRefusedMs,
      .needs_person = true};
}

Verdict GraphQl::on_answer(const base::Result<base::HttpResponse>& answer) {
  if (auto common = common_verdict(answer)) return *common;
  boost::system::error_code failed;
  const auto body =
      json::parse(answer->body, failed, json::make_shared_resource<json::monotonic_resource>());
  if (failed || !body.is_object()) {
    return RetryAfter{.why = "HTTP " + std::to_string(answer->status) +
                             " without JSON: is the url the Admin API? It said: " +
                             base::printable(answer->body, 80),
                      .reached = false};
  }
  if (signing_in_) return on_signed_in(*answer, body);
  if (const auto& errors = list(&body, "errors"); !errors.empty()) return on_errors(errors);
  if (answer->status >= 400) {
    return Rejected{.why = "HTTP " + std::to_string(answer->status) + ": " +
                           base::printable(text(&body, "message"), 200),
                    .proposed = "Check the url of this channel; it must be Vendure's Admin API."};
  }
  const auto* data = member(&body, "data");
  if (data == nullptr || !data->is_object()) {
    return RetryAfter{.why = "an answer without data"};
  }
  return on_data(*data);
}

Verdict GraphQl::on_signed_in(const base::HttpResponse& answer, const json::value& body) {
  const auto* login = member(member(&body, "data"), "login");
  const auto token = header(answer.headers, "vendure-auth-token");
  if (login == nullptr) return RetryAfter{.why = "signing in was not answered"};
  if (const auto error = error_result(login)) {
    return refused("Vendure refuses to sign " + config_.user + " in: " + error->message + ".");
  }
  if (token.empty()) {
    return Rejected{.why = "Vendure gave no vendure-auth-token",
                    .proposed = "Add \"bearer\" to authOptions.tokenMethod of the shop."};
  }
  session_.token = token;
  signing_in_ = false;
  return Ask{request(), sets_};
}

Verdict GraphQl::on_errors(const json::array& errors) {
  const auto code = text(member(&errors.front(), "extensions"), "code");
  const auto message = base::printable(text(&errors.front(), "message"), 200);
  if (code == "FORBIDDEN" || code == "UNAUTHORIZED" || code == "UNAUTHENTICATED") {
    if (config_.user.empty() || signed_in_again_) return refused("Vendure says: " + message + ".");
    signed_in_again_ = true;  // the session may simply have ended
    session_.token.clear();
    return Ask{sign_in()};
  }
  if (code == "GRAPHQL_VALIDATION_FAILED" || code == "BAD_USER_INPUT") {
    return Rejected{.why = "Vendure does not know what we ask for: " + message,
                    .proposed = "Check the shop's Vendure version (3.x is supported)."};
  }
  return RetryAfter{.why = "Vendure answered with an error: " + message};
}

}  // namespace dockline::server::channels::vendure
