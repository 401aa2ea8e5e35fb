#include "server/rehearse/shadow.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <queue>

#include <boost/json.hpp>

#include "server/app/hub_app.hpp"
#include "server/rehearse/channel.hpp"
#include "server/store/past_view.hpp"
#include "shared/base/limits.hpp"
#include "shared/sync/message.hpp"

namespace dockline::server::rehearse {
namespace {

namespace json = boost::json;

constexpr std::int64_t kTickUs = 100'000, kAnswerUs = 100'000;
constexpr std::int64_t kLongestBoxMs = 2 * 3'600'000;  // longer: nobody was there meanwhile
constexpr std::int64_t kHearUs = 30'000'000;  // of a bench, which is silent after three times that
constexpr std::size_t kHeardMax = 4'096;      // inputs of one turn, with what benches say
constexpr int kSettleTurnsMax = 5'000;
constexpr std::int64_t kTailFactor = 4;  // of the stretch, for what still waits after it

std::int64_t wall_us() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// One answer of a channel that is under way.
struct Answer {
  std::int64_t at_us = 0;
  std::uint64_t request = 0;
  bool operator>(const Answer& other) const {
    return std::pair(at_us, request) > std::pair(other.at_us, other.request);
  }
};

class Shadow {
 public:
  explicit Shadow(const ReplayWish& wish)
      : wish_(wish), draw_(wish.seed), start_ms_(wish.past->last_ms + 60'000) {}

  base::Result<Run> run() {
    auto coming = at_factor(*wish_.peak, wish_.factor);
    if (!coming) return base::pass(coming.error());
    coming_ = std::move(*coming);
    const auto began = wall_us();
    for (auto step : {&Shadow::open, &Shadow::stock_up, &Shadow::settle, &Shadow::perform}) {
      if (auto ok = (this->*step)(); !ok) return base::pass(ok.error());
    }
    app_.reset();
    run_.factor = wish_.factor;
    run_.orders = static_cast<std::int64_t>(coming_.size());
    if (auto ok = sum_up(); !ok) return base::pass(ok.error());
    run_.took_ms = (wall_us() - began) / 1'000;
    return std::move(run_);
  }

 private:
  base::Status open() {
    auto past = store::PastView::open(wish_.path);
    if (!past) return base::pass(past.error());
    past_ = std::move(*past);
    before_ = past_->last_order();
    HubConfig config;
    config.db_path = wish_.path;
    if (wish_.house != nullptr) {
      config.sites = wish_.house->sites;
      config.orders = wish_.house->orders;
      config.rulebook = wish_.house->rulebook;
    } else {
      for (const auto& site : wish_.past->sites) {
        config.sites.push_back({site, site, static_cast<std::int64_t>(config.sites.size()) + 1});
      }
    }
    for (const auto& [site, station] : wish_.past->stations) {
      config.stations.push_back({site, station, station});
    }
    config.make_channels = [past = wish_.past] { return channels_of(*past); };
    auto app = HubApp::open(config, process_, now(), draw_.next());
    if (!app) return base::pass(app.error());
    app_ = std::move(*app);
    return past_->trouble();
  }

  static std::vector<std::unique_ptr<channels::Channel>> channels_of(const Past& past) {
    std::vector<std::unique_ptr<channels::Channel>> out;
    for (const auto& [name, answers] : past.channels) {
      channels::Config config;
      config.name = name;
      config.kind = "rehearsal";
      for (std::size_t i = 0; i < past.sites.size() && i < answers.locations.size(); ++i) {
        config.locations[past.sites[i]] = answers.locations[i];
      }
      out.push_back(make_channel(std::move(config)));
    }
    return out;
  }

  [[nodiscard]] base::Instant now() const {
    return {(mono_us_ + now_us_) / 1'000 + 1'000, start_ms_ + now_us_ / 1'000};
  }

  // One turn of the hub; its time is the machine's own, and the clock goes on by it.
  base::Status turn(const std::vector<Input>& inputs, std::vector<std::int64_t>* step_us) {
    std::vector<Effect> effects;
    const auto began = wall_us();
    if (auto ok = app_->begin(); !ok) return ok;
    for (const auto& input : inputs) {
      const auto from = wall_us();
      if (auto ok = app_->step(now(), input, effects); !ok) return ok;
      if (step_us != nullptr) step_us->push_back(wall_us() - from);
    }
    const auto stepped = wall_us();
    if (auto ok = app_->finish(now(), effects); !ok) return ok;
    if (auto ok = app_->commit(); !ok) return ok;
    const auto done = wall_us();
    busy_us_ += done - began;
    finish_us_ = done - stepped;
    now_us_ += done - began;
    ++run_.turns;
    for (auto& effect : effects) take(std::move(effect));
    return {};
  }

  void take(Effect effect) {
    if (auto* request = std::get_if<ChannelRequest>(&effect)) {
      const auto found = wish_.past->channels.find(request->channel);
      auto took = kAnswerUs;
      if (found != wish_.past->channels.end() && !found->second.took_us.empty()) {
        took = found->second.took_us[draw_.below(found->second.took_us.size())];
      }
      if (settling_) took = 0;
      answers_.push({now_us_ + took, request->request});
      if (settling_) return;
      ++run_.published;
      const auto caused_us = (request->http.timeout_ms - start_ms_) * 1'000;
      told_[request->channel].push_back(
          {std::clamp<std::int64_t>(caused_us, 0, now_us_), now_us_, now_us_ + took});
    } else if (auto* reply = std::get_if<Reply>(&effect)) {
      if (reply->error && !settling_) ++run_.refused;
    }
  }

  // Benches are at work all the time, or rules that ask for them would send nothing anywhere. They
  // are given orders and hear nothing: what they do with them is pack_all().
  void hear_benches(std::vector<Input>& inputs) {
    if (now_us_ < hear_us_ || inputs.size() + wish_.past->stations.size() > kHeardMax) return;
    hear_us_ = now_us_ + kHearUs;
    for (const auto& [site, station] : wish_.past->stations) {
      sync::State state;
      state.up = true;
      state.process = {1, 1};
      state.program = "rehearsal";
      inputs.emplace_back(
          MqttIn{sync::topic(site, station, sync::Leaf::state), sync::encode(state), false});
    }
  }

  // As many pieces as will be wanted, where they were taken from in the log: what is rehearsed is
  // the work, not the stock.
  base::Status stock_up() {
    std::map<std::pair<std::string, std::string>, std::int64_t> wanted;
    for (const auto& arrival : wish_.peak->arrivals) {
      for (const auto& line : past_->lines(arrival.ord)) {
        if (wish_.past->sites.empty()) break;
        const auto& site = line.site.empty() ? wish_.past->sites.front() : line.site;
        wanted[{line.sku, site}] += line.quantity * wish_.factor;
      }
    }
    if (auto ok = past_->trouble(); !ok) return ok;
    std::vector<Input> inputs;
    for (const auto& [place, pieces] : wanted) {
      const auto most = base::limits::kLineQuantityMax;
      inputs.emplace_back(ApiCommand{
          0, AdjustStock{place.first, place.second, std::min(pieces, most), "rehearsal"}});
      if (inputs.size() < base::limits::kTurnInputsMax) continue;
      if (auto ok = turn(inputs, nullptr); !ok) return ok;
      inputs.clear();
    }
    return inputs.empty() ? base::Status{} : turn(inputs, nullptr);
  }

  // What waited in the copy is told first, at once, so that it does not count.
  base::Status settle() {
    for (int i = 0; i < kSettleTurnsMax; ++i) {
      std::vector<Input> inputs{Tick{}};
      if (i == 0) hear_benches(inputs);
      while (!answers_.empty() && inputs.size() < base::limits::kTurnInputsMax) {
        inputs.emplace_back(
            ChannelResult{answers_.top().request, base::HttpResponse{200, {}, "{}"}});
        answers_.pop();
      }
      if (auto ok = turn(inputs, nullptr); !ok) return ok;
      if (answers_.empty() && inputs.size() == 1 && app_->tick_in_ms(now()) > 0) break;
      now_us_ += 1'000;
    }
    settling_ = false;
    answers_ = {};
    start_ms_ += now_us_ / 1'000 + 1;
    mono_us_ += now_us_;
    now_us_ = busy_us_ = hear_us_ = 0;
    run_.turns = 0;
    return {};
  }

  base::Result<ReceiveOrder> order_of(const Coming& one) {
    const auto head = past_->head(one.ord);
    if (auto ok = past_->trouble(); !ok) return base::pass(ok.error());
    if (!head) return base::fail(base::Fault::corrupt, "an order of the log is not in its books");
    ReceiveOrder out;
    out.channel = head->channel;
    out.number = "rehearsal-" + std::to_string(one.copy) + "-" + head->number;
    out.currency = head->currency;
    boost::system::error_code failed;
    const auto to = json::parse(head->ship_to_json, failed);
    const auto* fields = failed ? nullptr : to.if_object();
    const auto text = [&](std::string_view key) -> std::optional<std::string> {
      const auto* value = fields == nullptr ? nullptr : fields->if_contains(key);
      if (value == nullptr || !value->is_string()) return std::nullopt;
      return std::string(value->get_string());
    };
    out.ship_to.name = text("name").value_or("");
    out.ship_to.street1 = text("street1");
    out.ship_to.postal_code = text("postal_code");
    out.ship_to.city = text("city");
    out.ship_to.region = text("region");
    out.ship_to.country = text("country");
    out.vip = head->vip;
    if (head->promised_after_ms) out.promised_ms = now().wall_ms + *head->promised_after_ms;
    for (const auto& line : past_->lines(one.ord)) {
      out.lines.push_back({.line = 0,
                           .sku = line.sku,
                           .title = line.title,
                           .quantity = line.quantity,
                           .unit_price_minor = line.unit_price_minor});
    }
    return out;
  }

  // What is due goes into one turn, as many as the server takes at once; else the clock goes on to
  // what comes next.
  base::Status perform() {
    const auto window_us = (wish_.peak->to_ms - wish_.peak->from_ms) * 1'000;
    std::size_t next = 0;
    std::int64_t tick_us = 0;
    while (now_us_ < window_us * kTailFactor) {
      if (wish_.go_on && !wish_.go_on()) {
        return base::fail(base::Fault::retry_later, "stopped");
      }
      std::vector<Input> inputs;
      std::vector<std::size_t> taken;
      for (; next < coming_.size() && coming_[next].at_ms * 1'000 <= now_us_ &&
             inputs.size() < base::limits::kTurnInputsMax;
           ++next) {
        auto order = order_of(coming_[next]);
        if (!order) return base::pass(order.error());
        inputs.emplace_back(ApiCommand{next + 1, std::move(*order)});
        taken.push_back(next);
      }
      while (!answers_.empty() && answers_.top().at_us <= now_us_ &&
             inputs.size() < base::limits::kTurnInputsMax) {
        inputs.emplace_back(
            ChannelResult{answers_.top().request, base::HttpResponse{200, {}, "{}"}});
        answers_.pop();
      }
      if (now_us_ >= tick_us) {
        hear_benches(inputs);
        inputs.emplace_back(Tick{});
        tick_us = now_us_ + kTickUs;
      }
      if (!inputs.empty()) {
        if (auto ok = timed(inputs, taken); !ok) return ok;
        continue;
      }
      if (next == coming_.size() && answers_.empty() && waiting() == 0) break;
      auto until = tick_us;
      if (next < coming_.size()) until = std::min(until, coming_[next].at_ms * 1'000);
      if (!answers_.empty()) until = std::min(until, answers_.top().at_us);
      now_us_ = std::max(now_us_ + 1, until);
    }
    return {};
  }

  base::Status timed(const std::vector<Input>& inputs, const std::vector<std::size_t>& taken) {
    const auto began = now_us_;
    std::vector<std::int64_t> step_us;
    if (auto ok = turn(inputs, &step_us); !ok) return ok;
    std::int64_t at = began;
    for (std::size_t i = 0; i < taken.size(); ++i) {
      intake_.push_back({coming_[taken[i]].at_ms * 1'000, began, began});
      routing_.push_back({began, at, at + step_us[i]});
      at += step_us[i];
    }
    for (std::size_t i = 0; i < taken.size(); ++i) {
      commit_.push_back({at, now_us_ - finish_us_, now_us_});
    }
    commits_us_ += taken.empty() ? 0 : finish_us_;
    return {};
  }

  [[nodiscard]] std::int64_t waiting() const {
    std::int64_t out = 0;
    for (const auto& view : app_->channels(now())) out += view.lane.waiting + view.lane.in_flight;
    return out;
  }

  base::Status sum_up() {
    const auto window_us = (wish_.peak->to_ms - wish_.peak->from_ms) * 1'000;
    run_.stages.push_back(stage_of("intake", std::move(intake_), 1, window_us));
    run_.stages.back().load_per_mille = busy_us_ * 1'000 / window_us;
    run_.stages.push_back(stage_of("routing and release", std::move(routing_), 1, window_us));
    run_.stages.push_back(stage_of("commit", std::move(commit_), 1, window_us));
    run_.stages.back().load_per_mille = commits_us_ * 1'000 / window_us;
    auto past = store::PastView::open(wish_.path);
    if (!past) return base::pass(past.error());
    std::map<std::string, std::vector<Work>> work;
    std::int64_t promised = 0;
    (*past)->promised(before_, [&](std::string_view site, std::int64_t received_ms) {
      work[std::string(site)].push_back(
          {std::max<std::int64_t>(0, received_ms - start_ms_) * 1'000});
      ++promised;
    });
    if (auto ok = (*past)->trouble(); !ok) return ok;
    run_.backordered = std::max<std::int64_t>(0, run_.orders - run_.refused - promised);
    for (auto& [site, jobs] : work) {
      const auto found = wish_.past->benches.find(site);
      static const std::vector<BenchTimes> kNone;
      const auto& benches = found == wish_.past->benches.end() ? kNone : found->second;
      run_.stages.push_back(pack_all(site, std::move(jobs), benches, window_us, draw_));
    }
    for (auto& [channel, jobs] : told_) {
      constexpr std::int64_t kAtOnce = 4;  // channels::Capabilities::in_flight_max
      run_.stages.push_back(stage_of("outbox " + channel, std::move(jobs), kAtOnce, window_us));
    }
    return {};
  }

  const ReplayWish& wish_;
  base::Prng draw_;
  std::int64_t start_ms_;  // wall clock at 0
  std::int64_t hear_us_ = 0, now_us_ = 0, mono_us_ = 0, busy_us_ = 0, finish_us_ = 0,
               commits_us_ = 0;
  std::vector<Coming> coming_;
  std::unique_ptr<store::PastView> past_;
  HubProcess process_;
  std::unique_ptr<HubApp> app_;
  std::priority_queue<Answer, std::vector<Answer>, std::greater<>> answers_;
  bool settling_ = true;
  std::int64_t before_ = 0;
  std::vector<Job> intake_, routing_, commit_;
  std::map<std::string, std::vector<Job>> told_;
  Run run_;
};

}  // namespace

base::Result<Past> read_past(const std::string& path) {
  auto view = store::PastView::open(path);
  if (!view) return base::pass(view.error());
  Past out;
  (*view)->arrivals(
      [&](std::int64_t ord, std::int64_t at_ms) { out.arrivals.push_back({at_ms, ord}); });
  out.sites = (*view)->sites();
  out.stations = (*view)->stations();
  out.last_ms = (*view)->last_ms();
  (*view)->answers([&](std::string_view channel, std::string_view location, std::int64_t took_ms) {
    auto& answers = out.channels[std::string(channel)];
    if (std::ranges::find(answers.locations, location) == answers.locations.end()) {
      answers.locations.emplace_back(location);
    }
    if (took_ms > 0) answers.took_us.push_back(took_ms * 1'000);
  });
  std::map<std::string, std::vector<std::int64_t>> packed;             // by source
  std::map<std::pair<std::string, std::string>, std::int64_t> opened;  // source, order
  (*view)->boxes(
      [&](std::string_view source, std::string_view order, bool closed, std::int64_t at_ms) {
        const std::pair key{std::string(source), std::string(order)};
        if (!closed) {
          opened[key] = at_ms;
          return;
        }
        const auto found = opened.find(key);
        if (found == opened.end()) return;
        const auto took_ms = at_ms - found->second;
        if (took_ms > 0 && took_ms < kLongestBoxMs) packed[key.first].push_back(took_ms * 1'000);
        opened.erase(found);
      });
  for (const auto& [site, station] : out.stations) {
    const auto found = packed.find("/" + site + "/" + station);
    out.benches[site].push_back({site + "/" + station, found == packed.end()
                                                           ? std::vector<std::int64_t>{}
                                                           : std::move(found->second)});
  }
  if (auto ok = (*view)->trouble(); !ok) return base::pass(ok.error());
  return out;
}

base::Result<Run> replay(const ReplayWish& wish) { return Shadow(wish).run(); }

}  // namespace dockline::server::rehearse
