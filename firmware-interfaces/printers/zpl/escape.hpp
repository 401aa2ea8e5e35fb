// Text that is safe inside ^FD behind ^FH_.
#pragma once

#include <string>
#include <string_view>

namespace dockline::firmware::zpl {

// ^ ~ and _ become _XX, so that no text can be a command; valid UTF-8 stays
// as it is (formats say ^CI28); other bytes and control characters become ?, line ends a space.
[[nodiscard]] std::string escape(std::string_view text);

}  // namespace dockline::firmware::zpl
