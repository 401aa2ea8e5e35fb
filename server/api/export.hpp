// A whole table as CSV. Read off the lanes: a house with millions of articles waits for its file,
// nobody else does.
#pragma once

#include <cstddef>
#include <string>

#include "server/api/api.hpp"

namespace dockline::server::api {

// Of one file: two million articles with a bar code each are some 150 MiB.
inline constexpr std::size_t kExportBytesMax = 512U << 20U;

// `what`: "items". 404: there is no such table; 413: the file would be larger than `bytes_max`, and
// none is better than a part of one.
[[nodiscard]] Answer export_csv(store::Reader& reader, const std::string& what,
                                std::size_t bytes_max = kExportBytesMax);

}  // namespace dockline::server::api
