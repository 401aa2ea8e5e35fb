#include "server/app/json_text.hpp"

#include <boost/json.hpp>

namespace dockline::server {
namespace {

namespace json = boost::json;

struct Put {
  json::object& out;
  void operator()(const char* key, const std::string& value) { out.emplace(key, value); }
  void operator()(const char* key, std::int64_t value) { out.emplace(key, value); }
  template <class T>
  void operator()(const char* key, const std::optional<T>& value) {
    if (value) out.emplace(key, *value);
  }
};

struct Get {
  const json::object& in;
  void operator()(const char* key, std::string& value) {
    if (const auto* found = in.if_contains(key); found != nullptr && found->is_string()) {
      value.assign(found->get_string().data(), found->get_string().size());
    }
  }
  void operator()(const char* key, std::int64_t& value) {
    if (const auto* found = in.if_contains(key); found != nullptr && found->is_int64()) {
      value = found->get_int64();
    }
  }
  void operator()(const char* key, std::optional<std::int64_t>& value) {
    if (const auto* found = in.if_contains(key); found != nullptr && found->is_int64()) {
      value = found->get_int64();
    }
  }
  void operator()(const char* key, std::optional<std::string>& value) {
    if (const auto* found = in.if_contains(key); found != nullptr && found->is_string()) {
      value.emplace(found->get_string().data(), found->get_string().size());
    }
  }
};

}  // namespace

std::string address_json(const domain::Address& address) {
  json::object out;
  Put put{out};
  domain::Address::visit(address, put);
  return json::serialize(out);
}

std::string charges_json(const std::vector<domain::OrderCharge>& charges) {
  json::array all;
  for (const auto& charge : charges) {
    json::object out;
    Put put{out};
    domain::OrderCharge::visit(charge, put);
    all.push_back(std::move(out));
  }
  return json::serialize(all);
}

domain::Address address_of(const std::string& text) {
  domain::Address address;
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) return address;
  Get get{value.get_object()};
  domain::Address::visit(address, get);
  return address;
}

std::vector<domain::OrderCharge> charges_of(const std::string& text) {
  std::vector<domain::OrderCharge> charges;
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_array()) return charges;
  for (const auto& one : value.get_array()) {
    if (!one.is_object()) continue;
    Get get{one.get_object()};
    domain::OrderCharge::visit(charges.emplace_back(), get);
  }
  return charges;
}

}  // namespace dockline::server
