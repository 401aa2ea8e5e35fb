// The storage of one simulated computer, under the real SQLite: a VFS whose files live in memory,
// each with what was written and what was synced.
//
// One Disks object per World registers one sqlite3_vfs of a unique name (as default, and
// sqlite3_randomness is reset, so that the same seed gives the same bytes). A path is
// "/<computer>/<file>". locking_mode=EXCLUSIVE files need no shared memory; others get it on the
// heap, so that a checker may read server.db through a second connection.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "tests/sim/disk/bytes.hpp"

namespace dockline::sim {

// Everything that is durable, by file name.
using DiskImage = std::map<std::string, Bytes>;

// What the next calls meet; counted over writes, syncs, truncates, deletes and opens.
enum class DiskFault {
  io_error,    // the n-th call fails, once
  two_errors,  // the n-th call fails, and one of the reads right after it
  bad_read,    // the n-th read fails, once; counted over reads
  full,        // from the n-th call on every growing write answers SQLITE_FULL, until relieved
  power_cut,   // at the n-th call the computer is dead: this and every later call fail
};

class Disk {
 public:
  virtual ~Disk() = default;
  virtual void fail_at(std::uint64_t nth_call, DiskFault fault) = 0;
  virtual void relieve() = 0;  // no fault is waiting, the disk has room again
  // The power went: of what was not synced, each 512-byte sector survives or not, a torn file may
  // keep its old or its new length. Open handles are dead until reopened. Also ends power_cut.
  virtual void power_cut() = 0;
  // A process was killed: nothing is lost that was written, handles are dead.
  virtual void process_died() = 0;
  [[nodiscard]] virtual bool dead() const = 0;  // a power_cut fault fired and waits for power_cut()
  // Room in bytes over all files; -1: endless.
  virtual void set_room(std::int64_t bytes) = 0;
  [[nodiscard]] virtual DiskImage image() const = 0;  // durable bytes
  virtual void restore(const DiskImage& image) = 0;   // an old image; {} is a new, empty disk
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
  [[nodiscard]] virtual std::uint64_t syncs() const = 0;
  [[nodiscard]] virtual std::uint64_t calls() const = 0;
};

// For a program of one thread, before its first use of SQLite: no mutexes, no memory statistics.
void sqlite_for_one_thread();

class Disks {
 public:
  explicit Disks(std::uint64_t seed);
  ~Disks();  // unregisters the VFS; no connection may be open
  Disks(const Disks&) = delete;
  Disks& operator=(const Disks&) = delete;

  [[nodiscard]] const std::string& vfs() const;  // for OpenOptions::vfs
  Disk& of(std::string_view computer);           // made at the first call

  struct Impl;  // private to tests/sim/disk

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace dockline::sim
