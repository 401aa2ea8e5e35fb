// Small things only the operating system can give: entropy, secret files, readiness.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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
// Makes renames and new files in a folder survive a power cut.
[[nodiscard]] base::Status sync_folder(const std::string& path);
// Whole or not at all: temporary file, fsync, rename.
[[nodiscard]] base::Status write_file(const std::string& path, std::string_view bytes,
                                      unsigned mode = 0644);
[[nodiscard]] base::Status make_folder(const std::string& path);

// Runs a short program to its end; its output is appended to log_file. An exit code other than 0 is
// an error that names the log.
[[nodiscard]] base::Status run_to_end(std::vector<std::string> argv, const std::string& log_file);
// Fault::reject with the remedy when something listens at host:port already, and still does after
// `patience_ms`: a program that was just told to end needs a moment to let go.
[[nodiscard]] base::Status check_port_free(const std::string& host, int port, int patience_ms = 0);
// Does anybody accept connections there? For addresses of this machine: answers within 50 ms.
[[nodiscard]] bool accepts_connections(const std::string& host, int port);
[[nodiscard]] std::string user_name();  // the account this process runs as

// systemd: READY=1 and STOPPING=1; nothing where there is no service manager.
void notify_ready();
void notify_stopping();

}  // namespace dockline::runtime
