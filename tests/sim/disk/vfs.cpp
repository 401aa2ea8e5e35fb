// The sqlite3_vfs over simulated disks (https://www.sqlite.org/c3ref/vfs.html, io_methods.html).
// Claims what Linux claims: 4 KiB sectors, power-safe overwrite; tears by 512 bytes.
#include <algorithm>
#include <cstring>
#include <utility>

#include <sqlite3.h>

#include "shared/base/check.hpp"
#include "tests/sim/disk/node.hpp"
#include "tests/sim/heap/heap.hpp"

namespace dockline::sim {

struct Handle {
  Node* node = nullptr;  // null: a temporary file, which no fault touches
  std::shared_ptr<Inode> inode;
  std::shared_ptr<SharedMemory> memory;
  std::uint64_t life = 0;
  int lock = SQLITE_LOCK_NONE;
  std::array<bool, SharedMemory::kLocks> shared{}, exclusive{};
  std::string path;
  bool delete_on_close = false;
  [[nodiscard]] bool alive() const {
    return node == nullptr || (node->life() == life && !node->dead());
  }
};

namespace {

struct OpenFile {  // as SQLite sees it: the base, then what is ours
  sqlite3_file base;
  Handle* handle;
};

Handle& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file)->handle; }

int error_of(Node::Verdict verdict, int io_error) {
  switch (verdict) {
    case Node::Verdict::ok:
      return SQLITE_OK;
    case Node::Verdict::full:
      return SQLITE_FULL;
    case Node::Verdict::io_error:
    case Node::Verdict::dies:
      return io_error;
  }
  return io_error;
}

void drop_locks(Handle& h) {
  if (h.inode == nullptr) return;
  h.inode->readers.erase(&h);
  if (h.inode->reserved == &h) h.inode->reserved = nullptr;
  if (h.inode->pending == &h) h.inode->pending = nullptr;
  if (h.inode->exclusive == &h) h.inode->exclusive = nullptr;
  h.lock = SQLITE_LOCK_NONE;
}

void drop_memory(Handle& h) {
  if (h.memory == nullptr) return;
  for (std::size_t i = 0; i < h.shared.size(); ++i) {
    if (h.shared[i]) --h.memory->shared[i];
    if (h.exclusive[i]) h.memory->exclusive[i] = nullptr;
    h.shared[i] = h.exclusive[i] = false;
  }
  h.memory.reset();
  // Nobody maps it any more: the next one begins with none, and recovers it from the WAL.
  if (h.inode->memory.use_count() == 1) h.inode->memory.reset();
}

int x_close(sqlite3_file* file) {
  Handle& h = of(file);
  drop_memory(h);
  drop_locks(h);
  if (h.delete_on_close && h.node != nullptr && h.alive()) h.node->remove(h.path, true);
  delete &h;
  return SQLITE_OK;
}

int x_read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  const Handle& h = of(file);
  if (!h.alive() || (h.node != nullptr && !h.node->readable())) return SQLITE_IOERR_READ;
  const auto& bytes = h.inode->file;
  const auto at = static_cast<std::size_t>(offset), want = static_cast<std::size_t>(amount);
  const std::size_t have = at >= bytes.size() ? 0 : std::min(want, bytes.size() - at);
  bytes.read(at, static_cast<char*>(out), have);
  if (have == want) return SQLITE_OK;
  std::memset(static_cast<char*>(out) + have, 0, want - have);
  return SQLITE_IOERR_SHORT_READ;
}

int x_write(sqlite3_file* file, const void* in, int amount, sqlite3_int64 offset) {
  Handle& h = of(file);
  if (!h.alive()) return SQLITE_IOERR_WRITE;
  const auto at = static_cast<std::size_t>(offset), size = static_cast<std::size_t>(amount);
  const std::size_t now = h.inode->file.size();
  const auto verdict =
      h.node == nullptr ? Node::Verdict::ok : h.node->change(at + size > now ? at + size - now : 0);
  // A power cut in the middle of a write: its sectors survive or not, like all unsynced ones.
  if (verdict == Node::Verdict::ok || verdict == Node::Verdict::dies) {
    h.inode->file.write(at, {static_cast<const char*>(in), size});
  }
  return error_of(verdict, SQLITE_IOERR_WRITE);
}

int x_truncate(sqlite3_file* file, sqlite3_int64 size) {
  Handle& h = of(file);
  if (!h.alive()) return SQLITE_IOERR_TRUNCATE;
  const auto verdict = h.node == nullptr ? Node::Verdict::ok : h.node->change(0);
  if (verdict == Node::Verdict::ok) h.inode->file.truncate(static_cast<std::size_t>(size));
  return error_of(verdict, SQLITE_IOERR_TRUNCATE);
}

int x_sync(sqlite3_file* file, int /*flags*/) {
  Handle& h = of(file);
  if (!h.alive()) return SQLITE_IOERR_FSYNC;
  const auto verdict = h.node == nullptr ? Node::Verdict::ok : h.node->change(0);
  if (verdict == Node::Verdict::ok) {
    h.inode->file.sync();
    if (h.node != nullptr) h.node->count_sync();
  }
  return error_of(verdict, SQLITE_IOERR_FSYNC);
}

int x_size(sqlite3_file* file, sqlite3_int64* out) {
  const Handle& h = of(file);
  if (!h.alive()) return SQLITE_IOERR_FSTAT;
  *out = static_cast<sqlite3_int64>(h.inode->file.size());
  return SQLITE_OK;
}

int x_lock(sqlite3_file* file, int level) {
  Handle& h = of(file);
  if (!h.alive()) return SQLITE_IOERR_LOCK;
  if (h.lock >= level) return SQLITE_OK;
  Inode& inode = *h.inode;
  const auto other = [&h](const Handle* owner) { return owner != nullptr && owner != &h; };
  if (level == SQLITE_LOCK_SHARED) {
    if (other(inode.pending) || other(inode.exclusive)) return SQLITE_BUSY;
    inode.readers.insert(&h);
  } else if (level == SQLITE_LOCK_RESERVED) {
    if (other(inode.reserved) || other(inode.pending) || other(inode.exclusive)) return SQLITE_BUSY;
    inode.reserved = &h;
  } else {
    if (other(inode.reserved) || other(inode.pending) || other(inode.exclusive)) return SQLITE_BUSY;
    inode.pending = &h;
    h.lock = std::max(h.lock, SQLITE_LOCK_PENDING);
    if (inode.readers.size() > (inode.readers.contains(&h) ? 1U : 0U)) return SQLITE_BUSY;
    inode.exclusive = &h;
  }
  h.lock = level;
  return SQLITE_OK;
}

int x_unlock(sqlite3_file* file, int level) {
  Handle& h = of(file);
  if (h.lock <= level) return SQLITE_OK;
  drop_locks(h);
  if (level == SQLITE_LOCK_SHARED) {
    h.inode->readers.insert(&h);
    h.lock = SQLITE_LOCK_SHARED;
  }
  return SQLITE_OK;
}

int x_reserved(sqlite3_file* file, int* out) {
  const Handle& h = of(file);
  *out = h.inode->reserved != nullptr || h.inode->pending != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int x_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int x_sector(sqlite3_file*) { return 4096; }
int x_device(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int x_shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
  Handle& h = of(file);
  *out = nullptr;
  if (!h.alive()) return SQLITE_IOERR_SHMMAP;
  if (h.inode->memory == nullptr) h.inode->memory = std::make_shared<SharedMemory>();
  h.memory = h.inode->memory;
  auto& regions = h.memory->regions;
  const auto n = static_cast<std::size_t>(region);
  if (n >= regions.size() && extend == 0) return SQLITE_OK;
  while (regions.size() <= n) {
    regions.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
  }
  *out = regions[n].get();
  return SQLITE_OK;
}

int x_shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  Handle& h = of(file);
  if (h.memory == nullptr) return SQLITE_IOERR_SHMLOCK;
  auto& m = *h.memory;
  const auto first = static_cast<std::size_t>(offset), end = static_cast<std::size_t>(offset + n);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (auto i = first; i < end; ++i) {
      if (h.shared[i]) --m.shared[i];
      if (h.exclusive[i]) m.exclusive[i] = nullptr;
      h.shared[i] = h.exclusive[i] = false;
    }
    return SQLITE_OK;
  }
  if (!h.alive()) return SQLITE_IOERR_SHMLOCK;
  const bool want_shared = (flags & SQLITE_SHM_SHARED) != 0;
  for (auto i = first; i < end; ++i) {
    if (m.exclusive[i] != nullptr && m.exclusive[i] != &h) return SQLITE_BUSY;
    if (!want_shared && m.shared[i] > (h.shared[i] ? 1 : 0)) return SQLITE_BUSY;
  }
  for (auto i = first; i < end; ++i) {
    if (want_shared && !h.shared[i]) {
      ++m.shared[i];
      h.shared[i] = true;
    } else if (!want_shared) {
      m.exclusive[i] = &h;
      h.exclusive[i] = true;
    }
  }
  return SQLITE_OK;
}

void x_shm_barrier(sqlite3_file*) {}

int x_shm_unmap(sqlite3_file* file, int remove) {
  Handle& h = of(file);
  drop_memory(h);
  if (remove != 0 && h.inode != nullptr) h.inode->memory.reset();
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = x_close,
    .xRead = x_read,
    .xWrite = x_write,
    .xTruncate = x_truncate,
    .xSync = x_sync,
    .xFileSize = x_size,
    .xLock = x_lock,
    .xUnlock = x_unlock,
    .xCheckReservedLock = x_reserved,
    .xFileControl = x_control,
    .xSectorSize = x_sector,
    .xDeviceCharacteristics = x_device,
    .xShmMap = x_shm_map,
    .xShmLock = x_shm_lock,
    .xShmBarrier = x_shm_barrier,
    .xShmUnmap = x_shm_unmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

std::string computer_of(std::string_view path) {
  CHECK(path.starts_with('/'));
  path.remove_prefix(1);
  return std::string(path.substr(0, path.find('/')));
}

}  // namespace

struct Disks::Impl {
  std::uint64_t seed = 0;
  base::Prng prng{0};
  std::string name;
  sqlite3_vfs vfs{};
  std::map<std::string, std::unique_ptr<Node>, std::less<>> nodes;

  Node& node(std::string_view computer) {
    auto found = nodes.find(computer);
    if (found == nodes.end()) {
      std::uint64_t mixed = seed * 0x9e3779b97f4a7c15U;
      for (const char c : computer)
        mixed = (mixed ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
      found = nodes.emplace(computer, std::make_unique<Node>(mixed, std::string(computer))).first;
    }
    return *found->second;
  }
};

namespace {

Disks::Impl& impl_of(sqlite3_vfs* vfs) { return *static_cast<Disks::Impl*>(vfs->pAppData); }

int v_open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* out_flags) {
  auto* open = reinterpret_cast<OpenFile*>(file);
  open->base.pMethods = nullptr;
  auto handle = std::make_unique<Handle>();
  if (name == nullptr) {
    handle->inode = std::make_shared<Inode>();
  } else {
    Node& node = impl_of(vfs).node(computer_of(name));
    handle->inode = node.find(name);
    if (node.dead()) return SQLITE_CANTOPEN;
    if (handle->inode == nullptr) {
      if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
      if (const auto verdict = node.change(1); verdict != Node::Verdict::ok) {
        return error_of(verdict, SQLITE_CANTOPEN);
      }
      handle->inode = node.make(name);
    }
    handle->node = &node;
    handle->life = node.life();
    handle->path = name;
    handle->delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  }
  open->handle = handle.release();
  open->base.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int v_delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  Node& node = impl_of(vfs).node(computer_of(name));
  if (node.find(name) == nullptr) return SQLITE_IOERR_DELETE_NOENT;
  const auto verdict = node.change(0);
  if (verdict == Node::Verdict::ok) node.remove(name, sync_folder != 0);
  return error_of(verdict, SQLITE_IOERR_DELETE);
}

int v_access(sqlite3_vfs* vfs, const char* name, int /*flags*/, int* out) {
  *out = impl_of(vfs).node(computer_of(name)).find(name) != nullptr ? 1 : 0;
  return SQLITE_OK;
}

int v_full_name(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

int v_random(sqlite3_vfs* vfs, int size, char* out) {
  auto& prng = impl_of(vfs).prng;
  for (int i = 0; i < size; ++i) out[i] = static_cast<char>(prng.below(256));
  return size;
}

int v_sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
// The product never asks SQLite for the time.
int v_time(sqlite3_vfs*, double* out) {
  *out = 2'451'545.0;
  return SQLITE_OK;
}
int v_time64(sqlite3_vfs*, sqlite3_int64* out) {
  *out = 2'451'545LL * 86'400'000;
  return SQLITE_OK;
}
int v_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

namespace {

void* grow(void* block, int size) {
  const auto wanted = static_cast<std::size_t>(size), have = heap_size(block);
  if (wanted <= have) return block;
  void* more = heap_take(wanted);
  if (more == nullptr) return nullptr;
  std::memcpy(more, block, have);
  heap_give(block);
  return more;
}

sqlite3_mem_methods memory() {
  sqlite3_mem_methods out{};
  out.xMalloc = [](int size) { return heap_take(static_cast<std::size_t>(size)); };
  out.xFree = heap_give;
  out.xRealloc = grow;
  out.xSize = [](void* block) { return static_cast<int>(heap_size(block)); };
  out.xRoundup = [](int size) {
    return static_cast<int>(heap_rounded(static_cast<std::size_t>(size)));
  };
  out.xInit = [](void*) { return SQLITE_OK; };
  out.xShutdown = [](void*) {};
  return out;
}

}  // namespace

void sqlite_for_one_thread() {
  static const sqlite3_mem_methods methods = memory();
  CHECK(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) == SQLITE_OK);
  CHECK(sqlite3_config(SQLITE_CONFIG_SINGLETHREAD) == SQLITE_OK);
  CHECK(sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK);
}

Disks::Disks(std::uint64_t seed) : impl_(std::make_unique<Impl>()) {
  static int worlds = 0;
  impl_->seed = seed;
  impl_->prng = base::Prng(seed);
  impl_->name = "dockline-sim-" + std::to_string(++worlds);
  auto& vfs = impl_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(OpenFile);
  vfs.mxPathname = 512;
  vfs.zName = impl_->name.c_str();
  vfs.pAppData = impl_.get();
  vfs.xOpen = v_open;
  vfs.xDelete = v_delete;
  vfs.xAccess = v_access;
  vfs.xFullPathname = v_full_name;
  vfs.xRandomness = v_random;
  vfs.xSleep = v_sleep;
  vfs.xCurrentTime = v_time;
  vfs.xCurrentTimeInt64 = v_time64;
  vfs.xGetLastError = v_error;
  CHECK(sqlite3_vfs_register(&vfs, 1) == SQLITE_OK);
  // SQLite's own generator is one for the process and seeds itself from the default VFS.
  sqlite3_randomness(0, nullptr);
}

Disks::~Disks() { sqlite3_vfs_unregister(&impl_->vfs); }

const std::string& Disks::vfs() const { return impl_->name; }

Disk& Disks::of(std::string_view computer) { return impl_->node(computer); }

}  // namespace dockline::sim
