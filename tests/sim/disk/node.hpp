// One computer's storage: files, locks, shared memory, and the fault that waits for it.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/disk/file.hpp"
#include "tests/sim/disk/sim_disk.hpp"

namespace dockline::sim {

struct Handle;

// Shared memory of one database, on the heap: SQLite's wal-index. Eight locks, shared or exclusive.
struct SharedMemory {
  static constexpr int kLocks = 8;
  std::vector<std::unique_ptr<char[]>> regions;
  std::array<int, kLocks> shared{};
  std::array<const Handle*, kLocks> exclusive{};
};

struct Inode {
  File file;
  // File locks (sqlite3_io_methods.xLock): readers, and at most one of each other kind.
  std::set<const Handle*> readers;
  const Handle* reserved = nullptr;
  const Handle* pending = nullptr;
  const Handle* exclusive = nullptr;
  std::shared_ptr<SharedMemory> memory;
};

class Node final : public Disk {
 public:
  Node(std::uint64_t seed, std::string name) : name_(std::move(name)), prng_(seed) {}

  void fail_at(std::uint64_t nth_call, DiskFault fault) override;
  void relieve() override;
  void power_cut() override;
  void process_died() override;
  [[nodiscard]] bool dead() const override { return dead_; }
  void set_room(std::int64_t bytes) override { room_ = bytes; }
  [[nodiscard]] DiskImage image() const override;
  void restore(const DiskImage& image) override;
  [[nodiscard]] std::uint64_t bytes() const override;
  [[nodiscard]] std::uint64_t syncs() const override { return syncs_; }
  [[nodiscard]] std::uint64_t calls() const override { return calls_; }

  // ---- for the VFS
  enum class Verdict { ok, io_error, full, dies };
  // Before a call that changes the disk; `grows`: by how many bytes.
  [[nodiscard]] Verdict change(std::uint64_t grows);
  // One read; false: it fails.
  [[nodiscard]] bool readable();
  [[nodiscard]] std::uint64_t life() const { return life_; }
  [[nodiscard]] std::shared_ptr<Inode> find(const std::string& path) const;
  [[nodiscard]] std::shared_ptr<Inode> make(const std::string& path);
  void remove(const std::string& path, bool for_sure);
  // A journalling file system: what was deleted before is gone for sure with the next sync.
  void count_sync() {
    ++syncs_;
    deleted_.clear();
  }

 private:
  void new_life();  // handles of before are dead

  std::string name_;
  base::Prng prng_;
  std::map<std::string, std::shared_ptr<Inode>> files_;
  // Deleted without a sync of the folder: a power cut may bring them back.
  std::map<std::string, std::shared_ptr<Inode>> deleted_;
  std::uint64_t life_ = 1, calls_ = 0, syncs_ = 0;
  std::uint64_t fail_call_ = 0;  // 0: no fault waits
  std::uint64_t reads_ = 0, fail_read_ = 0;
  DiskFault fault_ = DiskFault::io_error;
  bool dead_ = false, full_ = false;
  std::int64_t room_ = -1;
};

}  // namespace dockline::sim
