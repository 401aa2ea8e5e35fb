#include <fstream>
#include <memory>

#include <curl/curl.h>

#include "server/cli/client.hpp"

namespace dockline::server::cli {
namespace {

struct Answering {
  std::string body;
  std::size_t bytes_max = 0;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
  auto& answer = *static_cast<Answering*>(to);
  if (answer.body.size() + size * count > answer.bytes_max) return 0;
  answer.body.append(data, size * count);
  return size * count;
}

int progress(void* call, curl_off_t, curl_off_t, curl_off_t total, curl_off_t sent) {
  const auto& uploading = static_cast<const Call*>(call)->uploading;
  if (uploading && total > 0) uploading(sent, total);
  return 0;
}

struct Closer {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

class CurlClient final : public Client {
 public:
  explicit CurlClient(const Settings& settings) : settings_(settings), curl_(curl_easy_init()) {}

  Response send(const Call& call) override {
    std::string token, why;
    if (call.target != "/health" && !read_token(token, why)) return {401, why};
    std::unique_ptr<curl_slist, Closer> headers;
    const auto header = [&](const std::string& line) {
      headers.reset(curl_slist_append(headers.release(), line.c_str()));
    };
    if (!token.empty()) header("Authorization: Bearer " + token);
    header("Accept: application/json");
    header("Content-Type: " + call.type);
    Answering answer{{}, call.bytes_max};
    const std::string url = settings_.url + "/api/v1" + call.target;
    CURL* c = curl_.get();
    curl_easy_reset(c);
    curl_easy_setopt(c, CURLOPT_URL, url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 5L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(call.timeout_s));
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
    if (call.method != "GET") {
      curl_easy_setopt(c, CURLOPT_POST, 1L);
      curl_easy_setopt(c, CURLOPT_POSTFIELDS, call.body.data());
      curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body.size()));
      if (call.method != "POST") curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, call.method.c_str());
      curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
      curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, progress);
      curl_easy_setopt(c, CURLOPT_XFERINFODATA, &call);
    }
    const CURLcode failed = curl_easy_perform(c);
    if (failed == CURLE_WRITE_ERROR) {
      return {0, settings_.url + ": the answer is larger than " +
                     std::to_string(call.bytes_max >> 20U) + " MiB"};
    }
    if (failed != CURLE_OK) {
      return {0, settings_.url + ": " + std::string(curl_easy_strerror(failed))};
    }
    Response out{0, std::move(answer.body)};
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    out.status = static_cast<int>(status);
    curl_header* link = nullptr;
    if (curl_easy_header(c, "Link", 0, CURLH_HEADER, -1, &link) == CURLHE_OK) {
      out.link = link->value;
    }
    return out;
  }

 private:
  bool read_token(std::string& token, std::string& why) const {
    std::ifstream in(settings_.token_file);
    if (in && std::getline(in, token)) {
      while (!token.empty() && (token.back() == '\r' || token.back() == ' ')) token.pop_back();
    }
    if (!token.empty()) return true;
    why = R"({"code":"no_token","detail":"no token can be read from )" + settings_.token_file +
          R"(","remedy":"Give the server's token file by --token-file or DOCKLINE_TOKEN_FILE, )" +
          R"(and see that you may read it"})";
    return false;
  }

  Settings settings_;
  std::unique_ptr<CURL, Closer> curl_;
};

}  // namespace

std::unique_ptr<Client> make_curl_client(const Settings& settings) {
  return std::make_unique<CurlClient>(settings);
}

std::string percent_encoded(std::string_view text) {
  static constexpr std::string_view kFree =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kFree.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

}  // namespace dockline::server::cli
