// SKUs that are two for the books and one for people: written with other separators, with zeros
// lost by a spreadsheet, or with O for 0 and I for 1. Pure; any thread.
//
// Two forms, because O and I are letters in MUG-LOGO and digits in MUG-1O: SKUs that agree in
// either look alike. A SKU comes in normal form (orders::normal_sku). Both forms are idempotent,
// and empty for a SKU of separators alone.
#pragma once

#include <string>
#include <string_view>

namespace dockline::server::stock {

// Without separators (space, hyphen, underscore, dot, slash, dashes and the space that does not
// break) but between two digits, where they make another number: A-1-2 is A_1_2 and not A-12. And
// without zeros at the front of a number: A-007 is A7.
[[nodiscard]] std::string plain_form(std::string_view sku);
// Every O read as 0 and every I as 1, then without separators as above; zeros stay.
[[nodiscard]] std::string read_form(std::string_view sku);

}  // namespace dockline::server::stock
