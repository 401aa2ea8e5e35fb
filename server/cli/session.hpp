// Private to server/cli: asking the server and telling the person. Includes Boost.JSON.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "server/cli/client.hpp"
#include "server/cli/exit_code.hpp"
#include "server/cli/io.hpp"
#include "server/cli/table.hpp"

namespace dockline::server::cli {

namespace json = boost::json;
using Answered = std::expected<json::value, Exit>;  // the error was told already

class Session {
 public:
  Session(Io& io, Client& client, bool as_json) : io_(io), client_(client), json_(as_json) {}

  [[nodiscard]] Answered get(const std::string& target);
  [[nodiscard]] Answered post(const std::string& target, const json::value& body);
  [[nodiscard]] Answered call(const Call& call);
  // An answer that is no JSON, as it came.
  [[nodiscard]] std::expected<std::string, Exit> text_of(const std::string& target);

  // Tells what is wrong and what to do; gives the exit code back.
  Exit fail(Exit code, const std::string& message, const std::string& remedy);
  // --json: the document, one line.
  Exit print(const json::value& document);
  Exit print(const Table& table, std::string_view when_empty);
  void line(const std::string& text) { io_.out << text << "\n"; }
  [[nodiscard]] std::string toned_text(std::string text, Tone tone) const {
    return toned(std::move(text), tone, io_.colour);
  }

  // Target of the page behind the one that came last; empty at the end.
  [[nodiscard]] const std::string& next() const { return next_; }

  [[nodiscard]] bool as_json() const { return json_; }
  [[nodiscard]] Io& io() { return io_; }
  [[nodiscard]] std::int64_t now_ms() const { return io_.now_ms(); }

 private:
  [[nodiscard]] std::expected<std::string, Exit> answered(const Call& call);

  Io& io_;
  Client& client_;
  bool json_;
  std::string next_;
};

// Fields of an answer. An absent or null field is empty or zero: newer servers may leave some out.
[[nodiscard]] std::string text(const json::value& object, std::string_view key);
[[nodiscard]] std::int64_t number(const json::value& object, std::string_view key);
[[nodiscard]] bool flag(const json::value& object, std::string_view key);
[[nodiscard]] const json::value& member(const json::value& object, std::string_view key);
[[nodiscard]] const json::array& items(const json::value& object, std::string_view key = "items");
// "12 s ago" or "never".
[[nodiscard]] std::string ago(const json::value& object, std::string_view key, std::int64_t now_ms);

// Query strings: adds "&key=value" or "?key=value" when the value is not empty.
void add_query(std::string& target, std::string_view key, const std::string& value);

}  // namespace dockline::server::cli
