#include "shared/runtime/curl_http.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <unordered_map>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include "shared/base/check.hpp"
#include "shared/base/limits.hpp"

namespace dockline::runtime {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kAnswerBytesMax = base::limits::kMessageUnpackedBytesMax * 8;

struct Exchange {
  ports::HttpRequest request;
  std::function<void(base::Result<ports::HttpResponse>)> done;
  ports::HttpResponse response;
  curl_slist* headers = nullptr;
  CURL* easy = nullptr;
  bool too_long = false;

  ~Exchange() {
    curl_slist_free_all(headers);
    if (easy != nullptr) curl_easy_cleanup(easy);
  }
};

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto* exchange = static_cast<Exchange*>(user);
  if (exchange->response.body.size() + size * count > kAnswerBytesMax) {
    exchange->too_long = true;
    return 0;
  }
  exchange->response.body.append(data, size * count);
  return size * count;
}

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto* exchange = static_cast<Exchange*>(user);
  const std::string_view line(data, size * count);
  if (line.starts_with("HTTP/")) exchange->response.headers.clear();  // after a redirect or 100
  const auto colon = line.find(':');
  if (colon != std::string_view::npos && exchange->response.headers.size() < 200) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    auto value = line.substr(colon + 1);
    while (!value.empty() && (value.front() == ' ')) value.remove_prefix(1);
    while (!value.empty() && (value.back() == '\r' || value.back() == '\n')) value.remove_suffix(1);
    exchange->response.headers.emplace_back(std::move(name), value);
  }
  return size * count;
}

class CurlHttp final : public ports::HttpClient {
 public:
  explicit CurlHttp(Lane& lane) : lane_(lane), timer_(lane.io()) {
    static const bool kStarted = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    CHECK(kStarted);
    multi_ = curl_multi_init();
    CHECK(multi_ != nullptr);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlHttp::socket_wanted);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlHttp::timer_wanted);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  }

  ~CurlHttp() override {
    for (auto& [easy, exchange] : exchanges_) curl_multi_remove_handle(multi_, easy);
    exchanges_.clear();
    curl_multi_cleanup(multi_);
    for (auto& [fd, watch] : watches_) watch->descriptor.release();  // curl closed it
  }
  CurlHttp(const CurlHttp&) = delete;
  CurlHttp& operator=(const CurlHttp&) = delete;

  void send(ports::HttpRequest request,
            std::function<void(base::Result<ports::HttpResponse>)> done) override {
    auto exchange = std::make_unique<Exchange>();
    exchange->request = std::move(request);
    exchange->done = std::move(done);
    CURL* easy = curl_easy_init();
    CHECK(easy != nullptr);
    exchange->easy = easy;
    prepare(*exchange);
    exchanges_.emplace(easy, std::move(exchange));
    curl_multi_add_handle(multi_, easy);
  }

 private:
  struct Watch {
    explicit Watch(asio::io_context& io, int fd) : descriptor(io, fd) {}
    asio::posix::stream_descriptor descriptor;
    int wanted = 0;
    std::uint64_t round = 0;
  };

  static void prepare(Exchange& x) {
    CURL* easy = x.easy;
    const auto& r = x.request;
    curl_easy_setopt(easy, CURLOPT_URL, r.url.c_str());
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, r.method.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(r.timeout_ms));
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     static_cast<long>(std::min<std::int64_t>(r.timeout_ms, 5'000)));
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &x);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &x);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (r.method != "GET" && r.method != "HEAD") {
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(r.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, r.body.data());
    }
    for (const auto& [name, value] : r.headers) {
      x.headers = curl_slist_append(x.headers, (name + ": " + value).c_str());
    }
    x.headers = curl_slist_append(x.headers, "Expect:");  // no 100-continue round trip
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, x.headers);
  }

  static int socket_wanted(CURL*, curl_socket_t fd, int what, void* user, void*) {
    auto* self = static_cast<CurlHttp*>(user);
    if (what == CURL_POLL_REMOVE) {
      const auto found = self->watches_.find(fd);
      if (found != self->watches_.end()) {
        boost::system::error_code ignored;
        found->second->descriptor.cancel(ignored);
        found->second->descriptor.release();
        self->watches_.erase(found);
      }
      return 0;
    }
    auto& watch = self->watches_[fd];
    if (watch == nullptr) watch = std::make_shared<Watch>(self->lane_.io(), fd);
    watch->wanted = what;
    ++watch->round;
    self->arm(watch, fd);
    return 0;
  }

  void arm(const std::shared_ptr<Watch>& watch, int fd) {
    if ((watch->wanted & CURL_POLL_IN) != 0) {
      wait(watch, fd, asio::posix::descriptor_base::wait_read, CURL_CSELECT_IN);
    }
    if ((watch->wanted & CURL_POLL_OUT) != 0) {
      wait(watch, fd, asio::posix::descriptor_base::wait_write, CURL_CSELECT_OUT);
    }
  }

  void wait(const std::shared_ptr<Watch>& watch, int fd,
            asio::posix::descriptor_base::wait_type type, int event) {
    watch->descriptor.async_wait(type, [this, weak = std::weak_ptr(watch), fd, type, event,
                                        round = watch->round](boost::system::error_code failed) {
      const auto still = weak.lock();
      if (!still || still->round != round) return;
      act(fd, failed ? CURL_CSELECT_ERR : event);
      // curl says so when it wants something else; until then it wants the same again.
      if (!failed && still->round == round && watches_.contains(fd)) {
        wait(still, fd, type, event);
      }
    });
  }

  static int timer_wanted(CURLM*, long delay_ms, void* user) {
    auto* self = static_cast<CurlHttp*>(user);
    self->timer_.cancel();
    if (delay_ms < 0) return 0;
    self->timer_.expires_after(std::chrono::milliseconds(delay_ms));
    self->timer_.async_wait([self](boost::system::error_code cancelled) {
      if (!cancelled) self->act(CURL_SOCKET_TIMEOUT, 0);
    });
    return 0;
  }

  void act(curl_socket_t fd, int event) {
    int running = 0;
    curl_multi_socket_action(multi_, fd, event, &running);
    collect();
  }

  void collect() {
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      CURL* easy = message->easy_handle;
      const CURLcode code = message->data.result;
      auto node = exchanges_.extract(easy);
      curl_multi_remove_handle(multi_, easy);
      if (!node.empty()) finish(std::move(node.mapped()), code);
    }
  }

  void finish(std::unique_ptr<Exchange> exchange, CURLcode code) {
    long status = 0;
    curl_easy_getinfo(exchange->easy, CURLINFO_RESPONSE_CODE, &status);
    exchange->response.status = static_cast<int>(status);
    auto done = std::move(exchange->done);
    if (code == CURLE_OK) {
      done(std::move(exchange->response));
    } else {
      const std::string why = exchange->too_long ? "the answer is longer than " +
                                                       std::to_string(kAnswerBytesMax) + " bytes"
                                                 : curl_easy_strerror(code);
      done(base::fail(base::Fault::retry_later,
                      exchange->request.method + " " + exchange->request.url + ": " + why));
    }
  }

  Lane& lane_;
  asio::steady_timer timer_;
  CURLM* multi_ = nullptr;
  std::unordered_map<CURL*, std::unique_ptr<Exchange>> exchanges_;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
};

}  // namespace

std::unique_ptr<ports::HttpClient> make_curl_http(Lane& lane) {
  return std::make_unique<CurlHttp>(lane);
}

}  // namespace dockline::runtime
