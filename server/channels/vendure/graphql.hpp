// One conversation with Vendure's Admin API: signing in, sending a document, telling errors from
// answers (Vendure says HTTP 200 to nearly everything). Private to this folder.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "server/channels/contract/channel.hpp"

namespace dockline::server::channels::vendure {

namespace json = boost::json;

// What lives as long as the process: the session of our administrator. Lost: we sign in again.
struct Session {
  std::string token;
  // Our SKUs are upper case; the shop compares exactly. Its own spelling, where it differs.
  std::map<std::string, std::string> spelling;
};

// Lenient reading: what is absent or of another type is empty, never an error.
[[nodiscard]] const json::value* member(const json::value* object, std::string_view key);
[[nodiscard]] std::string text(const json::value* object, std::string_view key);
[[nodiscard]] std::int64_t number(const json::value* object, std::string_view key);
[[nodiscard]] const json::array& list(const json::value* object, std::string_view key);

class GraphQl : public Exchange {
 public:
  GraphQl(const Config& config, Session& session) : config_(config), session_(session) {}
  [[nodiscard]] base::HttpRequest begin() final;
  [[nodiscard]] Verdict on_answer(const base::Result<base::HttpResponse>& answer) final;

 protected:
  // The first document of this conversation; then what its answer means.
  virtual Ask first() = 0;
  virtual Verdict on_data(const json::value& data) = 0;
  // Asks with one of operations/*.graphql.
  [[nodiscard]] Ask ask(std::string_view document, json::object variables);
  const Config& config_;
  Session& session_;

 private:
  [[nodiscard]] base::HttpRequest request() const;
  [[nodiscard]] base::HttpRequest sign_in();
  [[nodiscard]] Verdict on_signed_in(const base::HttpResponse& answer, const json::value& body);
  [[nodiscard]] Verdict on_errors(const json::array& errors);
  [[nodiscard]] Verdict refused(const std::string& why) const;

  std::string body_;  // of the request under way
  bool sets_ = false;
  bool signing_in_ = false;
  bool signed_in_again_ = false;
};

// A union member that is an ErrorResult, or nothing.
struct ErrorResult {
  std::string code, message;
};
[[nodiscard]] std::optional<ErrorResult> error_result(const json::value* value);

}  // namespace dockline::server::channels::vendure
