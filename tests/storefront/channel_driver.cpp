// The channel engine with the real HTTP client, driven line by line from standard input, so that a
// script can put it before a real shop. Commands and answers are JSON, one a line; see README.md.
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include <boost/json.hpp>

#include "shared/runtime/curl_http.hpp"
#include "shared/runtime/lane.hpp"
#include "tests/channels/channel_bench.hpp"

namespace dockline::server::publish {
namespace {

namespace json = boost::json;

std::string str(const json::value& in, const char* key) {
  return std::string(in.at(key).as_string());
}

class Driver final : public ChannelBench {
 public:
  Driver(runtime::Lane& lane, const json::value& config)
      : ChannelBench(static_cast<std::uint64_t>(lane.now().wall_ms)),
        lane_(lane),
        http_(runtime::make_curl_http(lane)) {
    channels::Config one{.name = str(config, "name"),
                         .kind = str(config, "kind"),
                         .url = str(config, "url"),
                         .user = str(config, "user"),
                         .secret = str(config, "secret"),
                         .poll_ms = 200,
                         .sweep_ms = 400,
                         .audit_ms = 1'000};
    for (const auto& [site, location] : config.at("locations").as_object()) {
      one.locations.emplace(site, std::string(location.as_string()));
    }
    configs.push_back(std::move(one));
    now = lane_.now();
    open();
    tick();
  }

  json::object command(const json::value& in) {
    now = lane_.now();
    const auto what = str(in, "do");
    if (what == "shelf") return shelf(in);
    if (what == "pack") return pack_order(str(in, "number"));
    if (what == "crash") {
      ++life_;
      open();
      return {};
    }
    if (what == "state") return state();
    return {{"error", "unknown command " + what}};
  }

 private:
  void tick() {
    now = lane_.now();
    EngineOut out;
    check(engine->on_tick(now, books, store, out));
    turn(out);
    lane_.after(20, [this] { tick(); });
  }

  void send(ChannelRequest request) override {
    ++requests_;
    http_->send(std::move(request.http), [this, life = life_, id = request.request](
                                             base::Result<base::HttpResponse> answer) {
      if (life != life_) return;  // the process that asked is dead
      now = lane_.now();
      EngineOut out;
      check(engine->on_result(now, books, store, {id, std::move(answer)}, out));
      turn(out);
    });
  }

  json::object shelf(const json::value& in) {
    books.shelf[str(in, "sku")][str(in, "site")] = in.at("quantity").as_int64();
    const auto before = requests_;
    touch(str(in, "sku"));
    return {{"requests", requests_ - before}};
  }

  json::object pack_order(const std::string& number) {
    const auto found = books.orders.find(configs[0].name + ":" + number);
    if (found == books.orders.end()) return {{"error", "unknown order " + number}};
    pack(found->second);
    return {};
  }

  json::object state() {
    json::object figures, orders;
    for (const auto& [sku, sites] : books.shelf) {
      for (const auto& [site, location] : configs[0].locations) {
        figures[sku + "|" + location] = books.sellable(sku, site);
      }
    }
    for (const auto& [id, order] : books.orders) {
      json::array lines;
      for (const auto& line : order.lines) lines.push_back(line.received - line.cancelled);
      orders[order.received.number] = {{"lines", lines},
                                       {"packed", order.packed},
                                       {"told", order.told},
                                       {"street", order.received.ship_to.street1.value_or("")}};
    }
    json::array exceptions, confirmed_ms;
    for (const auto& one : told_of<wire::ExceptionRaised>()) {
      exceptions.push_back(
          {{"kind", one.kind}, {"subject", one.subject}, {"context", one.context}});
    }
    const auto view = engine->view(now).front();
    return {{"figures", figures},
            {"orders", orders},
            {"exceptions", exceptions},
            {"received", told_of<wire::OrderReceived>().size()},
            {"outbox", view.lane.waiting + view.lane.in_flight},
            {"circuit", name(view.lane.circuit)},
            {"drift", view.drift},
            {"last_error", view.lane.last_error},
            {"requests", requests_}};
  }

  runtime::Lane& lane_;
  std::unique_ptr<ports::HttpClient> http_;
  std::int64_t requests_ = 0, life_ = 0;
};

int run(const char* config_file) {
  std::ifstream in(config_file);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  runtime::Lane lane;
  Driver driver(lane, json::parse(text));
  std::thread reader([&] {
    for (std::string line; std::getline(std::cin, line);) {
      lane.post([&driver, line] {
        auto answer = driver.command(json::parse(line));
        std::cout << json::serialize(answer) << std::endl;
      });
    }
    lane.stop();
  });
  lane.run();
  reader.join();
  return 0;
}

}  // namespace
}  // namespace dockline::server::publish

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: channel_driver CONFIG.json < commands\n";
    return 2;
  }
  return dockline::server::publish::run(argv[1]);
}
