// The suite of tests/sim/devices over the rigs: a printer behind real TCP, a scanner behind a real
// pseudo-terminal, the real transports. usage: rig_contract_tests (DOCKLINE_SOURCE names the tree)
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <boost/asio/io_context.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "firmware-interfaces/transports/factory.hpp"
#include "shared/runtime/lane.hpp"
#include "tests/sim/devices/contract.hpp"

namespace dockline::sim {
namespace {

namespace fs = std::filesystem;

// rig_devices.py under orders on its standard input; it answers each with a line.
class Rig {
 public:
  Rig() {
    std::string pattern = (fs::temp_directory_path() / "dl-rig-XXXXXX").string();
    folder = mkdtemp(pattern.data());
    int to[2], from[2];
    CHECK_PIPE(::pipe(to));
    CHECK_PIPE(::pipe(from));
    const char* source = std::getenv("DOCKLINE_SOURCE");
    const std::string script =
        std::string(source != nullptr ? source : ".") + "/tests/devices/rig_devices.py";
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(to[0], 0);
      ::dup2(from[1], 1);
      ::close(to[1]);
      ::close(from[0]);
      ::execl("/usr/bin/python3", "python3", script.c_str(), folder.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(to[0]);
    ::close(from[1]);
    in_ = ::fdopen(to[1], "w");
    out_ = ::fdopen(from[0], "r");
    port = answer();
  }
  ~Rig() {
    static_cast<void>(std::fclose(in_));  // its end
    static_cast<void>(std::fclose(out_));
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
    fs::remove_all(folder);
  }
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;

  void order(const std::string& line) {
    std::fprintf(in_, "%s\n", line.c_str());
    std::fflush(in_);
    EXPECT_EQ(answer(), "ok") << line;
  }

  std::string folder, port;

 private:
  static void CHECK_PIPE(int result) { ASSERT_EQ(result, 0); }
  std::string answer() {
    char line[512] = {};
    if (std::fgets(line, sizeof line, out_) == nullptr) return "ended";
    std::string text(line);
    return text.substr(0, text.find('\n'));
  }
  pid_t child_ = 0;
  std::FILE* in_ = nullptr;
  std::FILE* out_ = nullptr;
};

class RigPlace {
 public:
  ports::Timers& timers() { return lane_; }
  base::Result<std::unique_ptr<ports::ByteStream>> stream(std::string_view address) {
    return firmware::make_stream(lane_.io(), address);
  }
  std::string printer_address() const { return "tcp://127.0.0.1:" + rig_.port; }
  std::string scanner_address() const { return "pty://" + rig_.folder + "/scanner"; }
  bool run_until(const std::function<bool()>& done, std::int64_t ms) {
    const auto start = lane_.now().mono_ms;
    while (!done() && lane_.now().mono_ms - start < ms) {
      lane_.io().restart();
      lane_.io().run_one_for(std::chrono::milliseconds(10));
    }
    return done();
  }
  void trouble(PrinterTrouble what) {
    switch (what) {
      case PrinterTrouble::paper_out:
        return rig_.order(R"(set {"paper_out": true})");
      case PrinterTrouble::head_open:
        return rig_.order(R"(set {"head_open": true})");
      case PrinterTrouble::paused:
        return rig_.order(R"(set {"paused": true})");
      case PrinterTrouble::no_status:
        return rig_.order(R"(set {"answer": "none"})");
      case PrinterTrouble::not_reading:
        return rig_.order(R"(set {"reads": false})");
      case PrinterTrouble::unplugged:
        return rig_.order("off");
      case PrinterTrouble::power_cycle:
        return rig_.order("restart");
      case PrinterTrouble::garbage:
        FAIL() << "the rig has no such trouble";
    }
  }
  void mend() {
    rig_.order("on");
    rig_.order(R"(set {"paper_out": false, "head_open": false, "paused": false, )"
               R"("answer": "normal", "reads": true})");
  }
  std::vector<std::string> sheets() const {
    std::set<fs::path> files;
    for (const auto& entry : fs::directory_iterator(rig_.folder + "/printer/labels")) {
      if (entry.path().extension() == ".zpl") files.insert(entry.path());
    }
    std::vector<std::string> out;
    for (const auto& file : files) {
      std::ostringstream text;
      text << std::ifstream(file, std::ios::binary).rdbuf();
      out.push_back(text.str());
    }
    return out;
  }
  void scan(const std::string& bytes) {
    std::string hex;
    for (const char c : bytes) {
      char two[3];
      std::snprintf(two, sizeof two, "%02x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      hex += two;
    }
    rig_.order("scan " + hex);
  }
  void scanner_plugged(bool plugged) { rig_.order(plugged ? "plug" : "unplug"); }

 private:
  Rig rig_;
  runtime::Lane lane_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Rig, DeviceContract, RigPlace);

}  // namespace
}  // namespace dockline::sim
