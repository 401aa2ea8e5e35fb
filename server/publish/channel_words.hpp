// What an order's channel itself said of it, as against what people here made of it. Books that
// keep no log need not answer: an interface of its own, which the engine asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "shared/base/result.hpp"
#include "shared/domain/types.hpp"

namespace dockline::server::publish {

class ChannelWords {
 public:
  virtual ~ChannelWords() = default;
  // Is this another address than the channel gave the order last? An address that a person gave it
  // here meanwhile does not count. False for an order that is not known.
  [[nodiscard]] virtual base::Result<bool> moved(const std::string& order,
                                                 const domain::Address& shown) = 0;
  // Orders whose parcel the channel was told of lately: its address there may be changed still.
  // A walk: from `before` 0 on with what it gave, which is 0 again at the end.
  struct Page {
    std::vector<std::string> numbers;
    std::int64_t before = 0;
  };
  [[nodiscard]] virtual base::Result<Page> told_lately(const std::string& channel,
                                                       std::int64_t now_ms, std::int64_t before,
                                                       std::size_t limit) = 0;
};

// The same place and person. An e-mail address is on no label: another one alone changes nothing.
[[nodiscard]] bool same_place(const domain::Address& a, const domain::Address& b);

}  // namespace dockline::server::publish
