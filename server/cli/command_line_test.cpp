#include "server/cli/command_line.hpp"

#include <deque>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dockline::server::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::int64_t kNow = 1'800'000'000'000;

// A server of our own: answers by method and target, and what was asked.
struct Fake {
  std::map<std::string, std::deque<Response>> answers;
  std::vector<Call> calls;
  Settings settings;
};
class FakeClient final : public Client {
 public:
  explicit FakeClient(Fake& fake) : fake_(fake) {}
  Response send(const Call& call) override {
    fake_.calls.push_back(call);
    const auto found = fake_.answers.find(call.method + " " + call.target);
    if (found == fake_.answers.end()) {
      return {404, R"({"code":"not_found","detail":"no such path )" + call.target +
                       R"(","remedy":"look again"}})"};
    }
    Response out = found->second.front();
    if (found->second.size() > 1) found->second.pop_front();
    return out;
  }

 private:
  Fake& fake_;
};

class CliCommands : public testing::Test {
 protected:
  Exit dockline(std::vector<std::string> arguments) {
    out_.str("");
    err_.str("");
    Io io{.out = out_,
          .err = err_,
          .in = in_,
          .now_ms = [this] { return now_ms_; },
          .sleep_ms = [this](std::int64_t ms) { now_ms_ += ms; }};
    World world{io,
                [this](const char* name) -> std::optional<std::string> {
                  const auto found = environment_.find(name);
                  if (found == environment_.end()) return std::nullopt;
                  return found->second;
                },
                [this](const std::string& path) -> std::optional<std::string> {
                  const auto found = files_.find(path);
                  if (found == files_.end()) return std::nullopt;
                  return found->second;
                },
                [this](const Settings& settings) {
                  fake_.settings = settings;
                  return std::make_unique<FakeClient>(fake_);
                }};
    return run(std::move(arguments), world);
  }
  void answer(const std::string& request, int status, const std::string& body) {
    fake_.answers[request].push_back({status, body});
  }

  std::int64_t lines_out() const {
    const std::string text = out_.str();
    return std::count(text.begin(), text.end(), '\n');
  }

  Fake fake_;
  std::stringstream out_, err_, in_;
  std::map<std::string, std::string> environment_{{"HOME", "/home/op"}, {"USER", "ada"}};
  std::map<std::string, std::string> files_;
  std::int64_t now_ms_ = kNow;
};

constexpr const char* kOrders =
    R"({"items":[{"id":"shop:1","customer":"Zoë","state":"packed","site":"leipzig",
    "station":"bench-4","tracking":"DL0000000001","pieces":3,"packed":3,"updated_ms":1799999940000}],
    "next":null,"total":1})";

TEST_F(CliCommands, ListOrdersAsATable) {
  answer("GET /orders?limit=50", 200, kOrders);
  EXPECT_EQ(dockline({"orders", "list"}), Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr("shop:1  Zoë       packed     3/3  leipzig/bench-4"));
  EXPECT_THAT(out_.str(), HasSubstr("1 min ago"));
}

TEST_F(CliCommands, ListOrdersAsOneJsonDocument) {
  answer("GET /orders?state=packed&limit=50", 200, kOrders);
  EXPECT_EQ(dockline({"--json", "orders", "list", "--state", "packed"}), Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr(R"("id":"shop:1")"));
  EXPECT_EQ(lines_out(), 1);
}

TEST_F(CliCommands, FetchEveryPageWithAll) {
  answer("GET /stock?limit=200", 200,
         R"({"items":[{"sku":"A","sites":[],"told":[]}],"next":"A","total":2})");
  answer("GET /stock?limit=200&after=A", 200,
         R"({"items":[{"sku":"B","sites":[],"told":[]}],"next":null,"total":2})");
  EXPECT_EQ(dockline({"stock", "list", "--all", "--json"}), Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr(R"("sku":"A")"));
  EXPECT_THAT(out_.str(), HasSubstr(R"("sku":"B")"));
}

TEST_F(CliCommands, MovePiecesAndReceiveDeliveries) {
  answer("POST /stock/move", 200, R"({"id":"MUG","created":true})");
  answer("POST /deliveries/ASN%207/receive", 200, R"({"id":"ASN 7","created":true})");
  answer("POST /deliveries", 201, R"({"id":"ASN 7","created":true})");
  EXPECT_EQ(dockline({"stock", "move", "MUG", "leipzig", "shelf", "quarantine", "2", "--reason",
                      "glaze", "--lot", "L1"}),
            Exit::ok);
  EXPECT_THAT(fake_.calls.back().body, HasSubstr(R"("lot":{"lot":"L1"})"));
  EXPECT_THAT(out_.str(), HasSubstr("2 pieces of MUG moved from shelf to quarantine at leipzig."));
  EXPECT_EQ(dockline({"stock", "move", "MUG", "leipzig", "shelf", "shelf", "3", "--reason",
                      "tidied", "--to-bin", "B-2"}),
            Exit::ok);
  EXPECT_THAT(fake_.calls.back().body, HasSubstr(R"("to_bin":"B-2")"));
  EXPECT_THAT(out_.str(), HasSubstr("3 pieces of MUG moved from shelf to shelf B-2 at leipzig."));
  EXPECT_EQ(dockline({"deliveries", "announce", "ASN 7", "--supplier", "POTTERS", "--site",
                      "leipzig", "--line", "MUG=4", "--line", "CUP=1", "--expected", "2026-11-30"}),
            Exit::ok);
  EXPECT_THAT(fake_.calls.back().body, HasSubstr(R"({"sku":"CUP","quantity":1})"));
  EXPECT_EQ(
      dockline({"deliveries", "receive", "--delivery", "ASN 7", "--sku", "MUG", "--quantity", "4"}),
      Exit::ok);
  EXPECT_THAT(fake_.calls.back().body, HasSubstr(R"("by":"ada")"));
  for (const char* wrong : {"MUG", "MUG=", "MUG=0", "MUG=4case", "MUG=4 "}) {
    EXPECT_EQ(dockline({"deliveries", "announce", "ASN 8", "--supplier", "P", "--site", "l",
                        "--line", wrong}),
              Exit::usage);
  }
  EXPECT_EQ(dockline({"deliveries", "announce", "ASN 9", "--supplier", "P", "--site", "l", "--line",
                      "MUG=4", "--line", "CUP=2 pallet", "--unit", "case"}),
            Exit::ok);
  EXPECT_THAT(fake_.calls.back().body, HasSubstr(R"([{"sku":"MUG","quantity":4,"unit":"case"},)"
                                                 R"({"sku":"CUP","quantity":2,"unit":"pallet"}])"));
  EXPECT_EQ(dockline({"stock", "show", "MUG", "--at", "soon"}), Exit::usage);
}

TEST_F(CliCommands, ShowTheBinsOfAnItemWhereThereAreSeveral) {
  answer("GET /stock/MUG", 200,
         R"({"sku":"MUG","title":"A mug","barcodes":[],"told":[],"sites":[{"site":"leipzig",)"
         R"("bin":"A-1","bins":[{"bin":"A-1","quantity":5,"home":true},{"bin":"B-2",)"
         R"("quantity":4,"home":false}]},{"site":"ulm","bins":[{"bin":"U-1","home":true}]}],)"
         R"("moves":[{"from":"leipzig/shelf","to":"leipzig/shelf","to_bin":"B-2","quantity":4}]})");
  EXPECT_EQ(dockline({"stock", "show", "MUG"}), Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr("home bin"));
  EXPECT_THAT(out_.str(), HasSubstr("leipzig/shelf B-2"));
  EXPECT_THAT(out_.str(), ::testing::Not(HasSubstr("U-1")));  // one bin is no news
}

TEST_F(CliCommands, CountAndTransfer) {
  answer("POST /counts", 200, R"({"id":"MUG","created":true})");
  answer("POST /transfers", 201, R"({"id":"T1001","created":true})");
  answer("POST /transfers/T1001/receive", 200, R"({"id":"T1001","created":true})");
  answer("GET /stock/MUG?at=1700000000000", 200,
         R"({"sku":"MUG","at_ms":1700000000000,"places":[{"place":"ulm/shelf","quantity":3}]})");
  EXPECT_EQ(dockline({"counts", "enter", "MUG", "leipzig", "7"}), Exit::ok);
  EXPECT_EQ(dockline({"transfers", "order", "MUG", "leipzig", "ulm", "6", "--reason", "demand"}),
            Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr("Transfer T1001: 6 pieces of MUG from leipzig to ulm."));
  EXPECT_EQ(dockline({"transfers", "receive", "T1001", "5", "--damaged", "1"}), Exit::ok);
  EXPECT_THAT(fake_.calls.back().body, HasSubstr(R"("damaged":1)"));
  EXPECT_EQ(dockline({"stock", "show", "MUG", "--at", "1700000000000"}), Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr("ulm/shelf"));
}

TEST_F(CliCommands, EndWithTheCodeThatTheHelpPromises) {
  answer("GET /stations", 401, R"({"detail":"wrong token","remedy":"give it"})");
  answer("GET /devices", 503, R"({"detail":"busy","remedy":"later"})");
  answer("GET /channels", 0, "no route");
  answer("POST /stock/adjust", 422, R"({"detail":"sku is unknown","remedy":"other"})");
  EXPECT_EQ(dockline({"stations"}), Exit::not_allowed);
  EXPECT_EQ(dockline({"devices"}), Exit::server_error);
  EXPECT_EQ(dockline({"channels"}), Exit::unreachable);
  EXPECT_EQ(dockline({"orders", "show", "nope"}), Exit::not_found);
  EXPECT_EQ(dockline({"stock", "adjust", "X", "leipzig", "-3", "--reason", "lost"}), Exit::refused);
  EXPECT_THAT(err_.str(), HasSubstr("sku is unknown\n  -> other"));
  EXPECT_EQ(dockline({"stock", "adjust"}), Exit::usage);
  EXPECT_EQ(dockline({"frobnicate"}), Exit::usage);
  EXPECT_EQ(dockline({"--help"}), Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr("Exit codes"));
}

TEST_F(CliCommands, SendNegativeQuantitiesAsTheyAreWritten) {
  answer("POST /stock/adjust", 200, R"({"id":"X","created":false})");
  EXPECT_EQ(dockline({"stock", "adjust", "X", "leipzig", "-3", "--reason", "lost"}), Exit::ok);
  EXPECT_EQ(fake_.calls.back().body,
            R"({"sku":"X","site":"leipzig","quantity":-3,"reason":"lost"})");
}

TEST_F(CliCommands, MakeAnOrderOutOfOptions) {
  answer("POST /orders", 201, R"({"id":"api:7","created":true})");
  EXPECT_EQ(dockline({"orders", "create", "--number", "7", "--name", "Ada", "--line", "MUG=RED=2",
                      "--city", "Leipzig"}),
            Exit::ok);
  EXPECT_EQ(fake_.calls.back().body, R"({"number":"7","ship_to":{"name":"Ada","city":"Leipzig"},)"
                                     R"("lines":[{"sku":"MUG=RED","quantity":2}]})");
  EXPECT_THAT(out_.str(), HasSubstr("Order api:7 is taken in."));
}

TEST_F(CliCommands, ReadAnOrderFromStandardInput) {
  in_.str("{\"number\":\"8\"}");
  answer("POST /orders", 200, R"({"id":"api:8","created":false})");
  EXPECT_EQ(dockline({"orders", "create", "-"}), Exit::ok);
  EXPECT_EQ(fake_.calls.back().body, "{\"number\":\"8\"}");
  EXPECT_THAT(out_.str(), HasSubstr("was there already"));
}

TEST_F(CliCommands, RefuseALineThatCannotBeRead) {
  EXPECT_EQ(dockline({"orders", "create", "--number", "7", "--line", "MUG"}), Exit::usage);
  EXPECT_THAT(err_.str(), HasSubstr("SKU=PIECES"));
}

TEST_F(CliCommands, SayNoWhenTheReplayDiffers) {
  answer("POST /replay/verify", 200,
         R"({"events":3,"equal":false,"digest":"ab","tables":[{"table":"orders","rows":2,
         "equal":false}]})");
  EXPECT_EQ(dockline({"replay", "--verify"}), Exit::no);
  EXPECT_THAT(out_.str(), HasSubstr("DIFFERS"));
}

TEST_F(CliCommands, SayYesWhenItIsEqual) {
  answer("POST /replay/verify", 200, R"({"events":3,"equal":true,"digest":"ab","tables":[]})");
  EXPECT_EQ(dockline({"--json", "replay", "--verify"}), Exit::ok);
}

TEST_F(CliCommands, FollowAnImportToItsEnd) {
  answer("POST /imports?kind=orders&name=none.csv", 202, "{}");
  EXPECT_EQ(dockline({"orders", "import", "/nowhere/none.csv"}), Exit::refused);
  EXPECT_THAT(err_.str(), HasSubstr("cannot read /nowhere/none.csv"));
  const std::string file = testing::TempDir() + "cli_import.csv";
  std::ofstream(file) << "a,b\n1,2\n";
  answer("POST /imports?kind=orders&name=cli_import.csv&channel=shop", 202, R"({"import":"i1"})");
  answer("GET /imports/i1", 200, R"({"state":"running","done":1,"lines":2})");
  answer("GET /imports/i1", 200,
         R"({"state":"done","file":"cli_import.csv","lines":2,"orders":1,"order_count":1,
         "exceptions":1,"changes":4})");
  EXPECT_EQ(dockline({"orders", "import", file, "--channel", "shop"}), Exit::ok);
  EXPECT_THAT(err_.str(), HasSubstr("Working through the file: 1 of 2"));
  EXPECT_THAT(out_.str(), HasSubstr("4 facts written"));
  EXPECT_THAT(out_.str(), HasSubstr("dockline imports rows i1 --outcome exception"));
}

TEST_F(CliCommands, PrintEventsOnePerLine) {
  answer("GET /summary", 200, R"({"events":42})");
  answer("GET /events?after=40&limit=2", 200,
         R"({"items":[{"position":41,"type":"dockline.pack.opened.v1"},
         {"position":42,"type":"dockline.pack.closed.v1"}],"next":null})");
  EXPECT_EQ(dockline({"--json", "events", "--limit", "2"}), Exit::ok);
  EXPECT_EQ(lines_out(), 2);
}

TEST_F(CliCommands, ResolveInTheNameOfTheUser) {
  answer("POST /exceptions/e1/resolve", 200, R"({"id":"e1","created":false})");
  EXPECT_EQ(dockline({"exceptions", "resolve", "e1", "--action", "accept"}), Exit::ok);
  EXPECT_EQ(fake_.calls.back().body, R"({"action":"accept","by":"ada"})");
}

TEST_F(CliCommands, TakeTheServerFromFlagsThenEnvironmentThenFile) {
  answer("GET /devices", 200, R"({"items":[]})");
  EXPECT_EQ(dockline({"devices"}), Exit::ok);
  EXPECT_EQ(fake_.settings.url, "http://127.0.0.1:8480");
  files_["/home/op/.config/dockline/cli.toml"] =
      "[server]\nurl = \"http://file:1/\"\ntoken_file = \"token\"\n";
  EXPECT_EQ(dockline({"devices"}), Exit::ok);
  EXPECT_EQ(fake_.settings.url, "http://file:1");
  EXPECT_EQ(fake_.settings.token_file, "/home/op/.config/dockline/token");
  environment_["DOCKLINE_URL"] = "http://environment:2";
  EXPECT_EQ(dockline({"devices"}), Exit::ok);
  EXPECT_EQ(fake_.settings.url, "http://environment:2");
  EXPECT_EQ(dockline({"--url", "https://flag:3", "devices"}), Exit::ok);
  EXPECT_EQ(fake_.settings.url, "https://flag:3");
}

TEST_F(CliCommands, NameTheLineOfABadSettingsFile) {
  files_["/c.toml"] = "[server]\nulr = \"x\"\n";
  EXPECT_EQ(dockline({"--config", "/c.toml", "devices"}), Exit::usage);
  EXPECT_THAT(err_.str(), HasSubstr("/c.toml:2: server.ulr: unknown key. Did you mean url?"));
}

TEST_F(CliCommands, GiveCompletionForEveryCommand) {
  EXPECT_EQ(dockline({"completion", "bash"}), Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr("\"orders cancel\") words=\"--help --reason --line"));
  EXPECT_EQ(dockline({"completion", "fish"}), Exit::ok);
  EXPECT_THAT(out_.str(), HasSubstr("-a resolve"));
  EXPECT_EQ(dockline({"completion", "tcsh"}), Exit::usage);
}

}  // namespace
}  // namespace dockline::server::cli
