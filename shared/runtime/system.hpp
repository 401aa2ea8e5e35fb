// Small things only the operating system can give: entropy, secret files, readiness.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "shared/base/result.hpp"

namespace dockline::runtime {

// 64 random bits from the kernel: the seed of this process's Prng, and of nothing that is a secret.
[[nodiscard]] std::uint64_t entropy();
// n random bytes as hex, for secrets.
[[nodiscard]] std::string random_secret_hex(std::size_t bytes);

// The first line of a secret file, without its newline. The error names path and remedy.
[[nodiscard]] base::Result<std::string> read_secret(const std::string& path,
                                                    std::string_view what_for);
// Creates the file (mode 0600, whole or not at all) with `secret` if it is absent; returns what is
// in it now.
[[nodiscard]] base::Result<std::string> ensure_secret(const std::string& path,
                                                      std::string_view what_for);
[[nodiscard]] base::Result<std::string> read_file(const std::string& path);
// Whole or not at all: temporary file, fsync, rename.
[[nodiscard]] base::Status write_file(const std::string& path, std::string_view bytes,
                                      unsigned mode = 0644);
[[nodiscard]] base::Status make_folder(const std::string& path);

// systemd: READY=1 and STOPPING=1; nothing where there is no service manager.
void notify_ready();
void notify_stopping();

}  // namespace dockline::runtime
