#include "server/cli/session.hpp"

#include "server/cli/text.hpp"

namespace dockline::server::cli {
namespace {

// More than the server's largest table (server/api/export.hpp).
constexpr std::size_t kFileBytesMax = 520U << 20U;

Exit exit_for(int status) {
  if (status == 401 || status == 403) return Exit::not_allowed;
  if (status == 404) return Exit::not_found;
  return status >= 500 ? Exit::server_error : Exit::refused;
}

}  // namespace

Answered Session::get(const std::string& target) { return call({.target = target}); }

Answered Session::post(const std::string& target, const json::value& body) {
  return call({.method = "POST", .target = target, .body = json::serialize(body)});
}

std::expected<std::string, Exit> Session::answered(const Call& call) {
  Response response = client_.send(call);
  next_.clear();
  constexpr std::string_view kBefore = "</api/v1", kBehind = ">; rel=\"next\"";
  if (response.link.starts_with(kBefore) && response.link.ends_with(kBehind)) {
    next_ = response.link.substr(kBefore.size(),
                                 response.link.size() - kBefore.size() - kBehind.size());
  }
  if (response.status == 0) {
    return std::unexpected(
        fail(Exit::unreachable, "the server does not answer: " + response.body,
             "Start dockline-server, or say where it is: --url, DOCKLINE_URL or cli.toml"));
  }
  if (response.status < 400) return std::move(response.body);
  json::error_code broken;
  const json::value body = json::parse(response.body, broken);
  const std::string message = text(body, "detail");
  return std::unexpected(
      fail(exit_for(response.status),
           message.empty() ? "the server answered " + std::to_string(response.status) : message,
           message.empty() ? "See the server's log" : text(body, "remedy")));
}

std::expected<std::string, Exit> Session::text_of(const std::string& target) {
  // A whole table may be large, and waits for its turn at the server.
  return answered({.target = target, .timeout_s = 1'800, .bytes_max = kFileBytesMax});
}

Answered Session::call(const Call& call) {
  const auto bytes = answered(call);
  if (!bytes) return std::unexpected(bytes.error());
  json::error_code broken;
  json::value body = json::parse(*bytes, broken);
  if (broken) {
    return std::unexpected(fail(Exit::server_error, "the answer is not JSON: " + broken.message(),
                                "Is this address really a Dockline server?"));
  }
  return body;
}

Exit Session::fail(Exit code, const std::string& message, const std::string& remedy) {
  if (json_) {
    io_.err << json::serialize(json::object{
                   {"error",
                    {{"message", message}, {"remedy", remedy}, {"exit", static_cast<int>(code)}}}})
            << "\n";
  } else {
    io_.err << toned("dockline: ", Tone::bad, io_.err_is_terminal && io_.colour) << safe(message)
            << "\n  -> " << safe(remedy) << "\n";
  }
  return code;
}

Exit Session::print(const json::value& document) {
  io_.out << json::serialize(document) << "\n";
  return Exit::ok;
}

Exit Session::print(const Table& table, std::string_view when_empty) {
  if (table.empty()) {
    io_.out << when_empty << "\n";
  } else {
    io_.out << table.print(io_.columns, io_.colour);
  }
  return Exit::ok;
}

const json::value& member(const json::value& object, std::string_view key) {
  static const json::value kNull;
  const json::value* found = object.is_object() ? object.get_object().if_contains(key) : nullptr;
  return found == nullptr ? kNull : *found;
}

std::string text(const json::value& object, std::string_view key) {
  const json::value& found = member(object, key);
  if (found.is_string()) return safe(std::string_view(found.get_string()));
  return found.is_null() ? "" : json::serialize(found);
}

std::int64_t number(const json::value& object, std::string_view key) {
  json::error_code failed;
  const auto value = member(object, key).to_number<std::int64_t>(failed);
  return failed ? 0 : value;
}

bool flag(const json::value& object, std::string_view key) {
  const json::value& found = member(object, key);
  return found.is_bool() && found.get_bool();
}

const json::array& items(const json::value& object, std::string_view key) {
  static const json::array kNone;
  const json::value& found = member(object, key);
  return found.is_array() ? found.get_array() : kNone;
}

std::string ago(const json::value& object, std::string_view key, std::int64_t now_ms) {
  const std::int64_t then = number(object, key);
  return then == 0 ? "never" : age(then, now_ms);
}

void add_query(std::string& target, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  target += target.find('?') == std::string::npos ? '?' : '&';
  target += std::string(key) + "=" + percent_encoded(value);
}

}  // namespace dockline::server::cli
