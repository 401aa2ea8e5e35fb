// The simulated VFS beside SQLite's own: the same calls, drawn at random, have the same results.
// Three connections' worth of handles on one file; locks taken in the order that SQLite takes them.
#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include "shared/base/prng.hpp"
#include "tests/sim/disk/sim_disk.hpp"

namespace dockline::sim {
namespace {

constexpr int kHandles = 3;

class Twin {
 public:
  Twin(const std::string& vfs, std::string path)
      : vfs_(sqlite3_vfs_find(vfs.c_str())), path_(std::move(path) + std::string(4, '\0')) {}
  ~Twin() {
    for (int i = 0; i < kHandles; ++i) close(i);
  }
  Twin(const Twin&) = delete;
  Twin& operator=(const Twin&) = delete;

  bool is_open(int i) const { return !memory_[at(i)].empty(); }
  int lock_of(int i) const { return lock_[at(i)]; }
  int open(int i) {
    memory_[at(i)].assign(static_cast<std::size_t>(vfs_->szOsFile), 0);
    const int code =
        vfs_->xOpen(vfs_, path_.c_str(), file(i),
                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MAIN_DB, nullptr);
    if (code != SQLITE_OK) memory_[at(i)].clear();
    return code;
  }
  void close(int i) {
    if (!is_open(i)) return;
    if (mapped_[at(i)]) file(i)->pMethods->xShmUnmap(file(i), 0);
    file(i)->pMethods->xClose(file(i));
    memory_[at(i)].clear();
    mapped_[at(i)] = false;
    lock_[at(i)] = SQLITE_LOCK_NONE;
  }
  int lock(int i, int level) {
    const int code = file(i)->pMethods->xLock(file(i), level);
    if (code == SQLITE_OK) lock_[at(i)] = level;
    return code;
  }
  int unlock(int i, int level) {
    lock_[at(i)] = level;
    return file(i)->pMethods->xUnlock(file(i), level);
  }
  std::string reserved(int i) {
    int held = -1;
    const int code = file(i)->pMethods->xCheckReservedLock(file(i), &held);
    return std::to_string(code) + (held != 0 ? " held" : " free");
  }
  int write(int i, std::int64_t where, const std::string& bytes) {
    return file(i)->pMethods->xWrite(file(i), bytes.data(), static_cast<int>(bytes.size()), where);
  }
  std::string read(int i, std::int64_t where, int size) {
    std::string bytes(static_cast<std::size_t>(size), '?');
    const int code = file(i)->pMethods->xRead(file(i), bytes.data(), size, where);
    return std::to_string(code) + " " + bytes;
  }
  int truncate(int i, std::int64_t size) { return file(i)->pMethods->xTruncate(file(i), size); }
  int sync(int i) { return file(i)->pMethods->xSync(file(i), SQLITE_SYNC_NORMAL); }
  std::string size(int i) {
    sqlite3_int64 bytes = -1;
    const int code = file(i)->pMethods->xFileSize(file(i), &bytes);
    return std::to_string(code) + " " + std::to_string(bytes);
  }
  std::string map(int i, bool extend) {
    void volatile* page = nullptr;
    const int code = file(i)->pMethods->xShmMap(file(i), 0, 32'768, extend ? 1 : 0, &page);
    mapped_[at(i)] = true;
    page_[at(i)] = static_cast<char volatile*>(page);
    return std::to_string(code) + (page == nullptr ? " none" : " there");
  }
  bool mapped(int i) const { return mapped_[at(i)] && page_[at(i)] != nullptr; }
  int shared_byte(int i, std::size_t where, std::optional<char> set) {
    if (set) page_[at(i)][where] = *set;
    return page_[at(i)][where];
  }
  int lock_memory(int i, int first, int count, int flags) {
    return file(i)->pMethods->xShmLock(file(i), first, count, flags);
  }

 private:
  static std::size_t at(int i) { return static_cast<std::size_t>(i); }
  sqlite3_file* file(int i) { return reinterpret_cast<sqlite3_file*>(memory_[at(i)].data()); }
  sqlite3_vfs* vfs_;
  std::string path_;  // as SQLite makes them: with more ends, behind which parameters would stand
  std::array<std::vector<char>, kHandles> memory_;
  std::array<int, kHandles> lock_{};
  std::array<bool, kHandles> mapped_{};
  std::array<char volatile*, kHandles> page_{};
};

class VfsTwins : public testing::Test {
 protected:
  VfsTwins() {
    // Memory-backed where there is such a folder: this is about answers, not about disks.
    const std::filesystem::path memory = "/dev/shm";
    const auto parent =
        std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "dl-twin-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~VfsTwins() override { std::filesystem::remove_all(folder_); }

  // Locks that one handle holds of the shared memory: a lock is taken and given back as it was.
  struct Held {
    int first = 0, count = 0, kind = 0;
  };
  std::string folder_;
};

TEST_F(VfsTwins, AnswerTheSameCallsAlike) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Disks disks(seed);
    base::Prng draw(seed);
    Twin real("unix", folder_ + "/" + std::to_string(seed) + ".db");
    Twin model(disks.vfs(), "/bench/" + std::to_string(seed) + ".db");
    std::array<std::optional<Held>, kHandles> held;
    for (int step = 0; step < 400; ++step) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", step " + std::to_string(step));
      const int i = static_cast<int>(draw.below(kHandles));
      auto& lock = held[static_cast<std::size_t>(i)];
      if (!real.is_open(i)) {
        ASSERT_EQ(real.open(i), model.open(i));
        continue;
      }
      ASSERT_EQ(real.lock_of(i), model.lock_of(i));
      const auto where = static_cast<std::int64_t>(draw.below(20'000));
      switch (draw.below(11)) {
        case 0:
          if (draw.chance(300)) {
            if (lock) {  // SQLite gives them back before it closes
              ASSERT_EQ(
                  real.lock_memory(i, lock->first, lock->count, SQLITE_SHM_UNLOCK | lock->kind),
                  model.lock_memory(i, lock->first, lock->count, SQLITE_SHM_UNLOCK | lock->kind));
              lock.reset();
            }
            real.close(i);
            model.close(i);
          }
          break;
        case 1: {  // upwards, one step at a time
          const int now = real.lock_of(i);
          const int next = now == SQLITE_LOCK_NONE     ? SQLITE_LOCK_SHARED
                           : now == SQLITE_LOCK_SHARED ? SQLITE_LOCK_RESERVED
                                                       : SQLITE_LOCK_EXCLUSIVE;
          ASSERT_EQ(real.lock(i, next), model.lock(i, next)) << "from " << now << " to " << next;
          break;
        }
        case 2: {
          const int to = draw.chance(500) ? SQLITE_LOCK_NONE : SQLITE_LOCK_SHARED;
          if (real.lock_of(i) <= to) break;
          ASSERT_EQ(real.unlock(i, to), model.unlock(i, to));
          break;
        }
        case 3:
          ASSERT_EQ(real.reserved(i), model.reserved(i));
          break;
        case 4: {
          const std::string bytes(1 + draw.below(5'000), static_cast<char>('a' + draw.below(26)));
          ASSERT_EQ(real.write(i, where, bytes), model.write(i, where, bytes));
          break;
        }
        case 5: {
          const int size = 1 + static_cast<int>(draw.below(6'000));
          ASSERT_EQ(real.read(i, where, size), model.read(i, where, size));
          break;
        }
        case 6:
          if (draw.chance(300)) {
            ASSERT_EQ(real.truncate(i, where), model.truncate(i, where));
          }
          ASSERT_EQ(real.sync(i), model.sync(i));
          break;
        case 7:
          ASSERT_EQ(real.size(i), model.size(i));
          break;
        case 8: {
          const bool extend = draw.chance(500);
          ASSERT_EQ(real.map(i, extend), model.map(i, extend));
          break;
        }
        case 9: {
          if (!real.mapped(i)) break;
          std::optional<char> set;
          if (draw.chance(500)) set = static_cast<char>(draw.below(100));
          const auto byte = static_cast<std::size_t>(8 + draw.below(8));  // 0..2 outlive a reset
          ASSERT_EQ(real.shared_byte(i, byte, set), model.shared_byte(i, byte, set));
          break;
        }
        case 10: {
          if (!real.mapped(i)) break;
          if (lock) {
            const int flags = SQLITE_SHM_UNLOCK | lock->kind;
            ASSERT_EQ(real.lock_memory(i, lock->first, lock->count, flags),
                      model.lock_memory(i, lock->first, lock->count, flags));
            lock.reset();
            break;
          }
          const int kind = draw.chance(500) ? SQLITE_SHM_SHARED : SQLITE_SHM_EXCLUSIVE;
          const int first = static_cast<int>(draw.below(SQLITE_SHM_NLOCK));
          const int most = kind == SQLITE_SHM_SHARED ? 1 : SQLITE_SHM_NLOCK - first;
          const int count = 1 + static_cast<int>(draw.below(static_cast<std::uint64_t>(most)));
          const int code = real.lock_memory(i, first, count, SQLITE_SHM_LOCK | kind);
          ASSERT_EQ(code, model.lock_memory(i, first, count, SQLITE_SHM_LOCK | kind));
          if (code == SQLITE_OK) lock = Held{first, count, kind};
          break;
        }
        default:
          break;
      }
    }
  }
}

}  // namespace
}  // namespace dockline::sim
