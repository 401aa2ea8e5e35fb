#include <boost/asio/posix/stream_descriptor.hpp>
#include <unistd.h>

#include "firmware-interfaces/transports/stream_core.hpp"
#include "firmware-interfaces/transports/streams.hpp"

namespace dockline::firmware {
namespace {

using Descriptor = boost::asio::posix::stream_descriptor;
using OpenTty = std::function<base::Result<Tty>()>;

class TtyStream final : public AsioStream<Descriptor> {
 public:
  TtyStream(boost::asio::io_context& io, std::string where, OpenTty open_tty)
      : AsioStream(io, std::move(where)), open_tty_(std::move(open_tty)) {}

 protected:
  void begin(std::shared_ptr<Core> core) override {
    auto tty = open_tty_();
    if (!tty) {
      core->end(tty.error());
      return;
    }
    if (tty->release) {
      core->cleanup = [release = std::move(tty->release), next = std::move(core->cleanup)] {
        release();
        next();
      };
    }
    boost::system::error_code error;
    core->io.assign(tty->fd, error);
    if (error) {
      ::close(tty->fd);
      core->end(lost(where_, error));
      return;
    }
    core->started();
  }

 private:
  OpenTty open_tty_;
};

}  // namespace

std::unique_ptr<ports::ByteStream> make_tty_stream(boost::asio::io_context& io, std::string where,
                                                   OpenTty open_tty) {
  return std::make_unique<TtyStream>(io, std::move(where), std::move(open_tty));
}

}  // namespace dockline::firmware
