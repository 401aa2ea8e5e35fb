// ZPL printers: questions to bytes, and a stream of glued, split, late and unasked answers to
// events.
#pragma once

#include <memory>

#include "firmware-interfaces/contract/printer.hpp"

namespace dockline::firmware::zpl {

[[nodiscard]] std::unique_ptr<PrinterCodec> make();

}  // namespace dockline::firmware::zpl
