#include "shared/base/result.hpp"

namespace dockline::base {

std::string_view name(Fault fault) {
  switch (fault) {
    case Fault::retry_later:
      return "retry_later";
    case Fault::reject:
      return "reject";
    case Fault::conflict:
      return "conflict";
    case Fault::corrupt:
      return "corrupt";
    case Fault::full:
      return "full";
    case Fault::bug:
      return "bug";
  }
  return "unknown";
}

}  // namespace dockline::base
