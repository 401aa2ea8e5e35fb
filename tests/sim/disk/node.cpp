#include "tests/sim/disk/node.hpp"

#include <utility>

namespace dockline::sim {

void Node::fail_at(std::uint64_t nth_call, DiskFault fault) {
  if (fault == DiskFault::bad_read) {
    fail_read_ = reads_ + nth_call;
    return;
  }
  fail_call_ = calls_ + nth_call;
  fault_ = fault;
}

void Node::relieve() {
  fail_call_ = fail_read_ = 0;
  full_ = false;
  room_ = -1;
}

Node::Verdict Node::change(std::uint64_t grows) {
  if (dead_) return Verdict::io_error;
  ++calls_;
  if (fail_call_ != 0 && calls_ >= fail_call_) {
    fail_call_ = 0;
    switch (fault_) {
      case DiskFault::two_errors:
        fail_read_ = reads_ + 1 + prng_.below(6);
        return Verdict::io_error;
      case DiskFault::bad_read:
      case DiskFault::io_error:
        return Verdict::io_error;
      case DiskFault::full:
        full_ = true;
        break;
      case DiskFault::power_cut:
        dead_ = true;
        return Verdict::dies;
    }
  }
  if (grows > 0 && full_) return Verdict::full;
  if (grows > 0 && room_ >= 0 && bytes() + grows > static_cast<std::uint64_t>(room_)) {
    return Verdict::full;
  }
  return Verdict::ok;
}

bool Node::readable() {
  if (dead_) return false;
  ++reads_;
  if (fail_read_ == 0 || reads_ < fail_read_) return true;
  fail_read_ = 0;
  return false;
}

void Node::new_life() {
  ++life_;
  dead_ = false;
  for (auto& [path, inode] : files_) {
    auto fresh = std::make_shared<Inode>();  // the dead handles keep the old one
    fresh->file = std::move(inode->file);
    inode = std::move(fresh);
  }
}

void Node::process_died() { new_life(); }

void Node::power_cut() {
  fail_call_ = fail_read_ = 0;
  for (auto& [path, inode] : deleted_) {
    if (!files_.contains(path) && prng_.chance(500)) files_.emplace(path, inode);
  }
  deleted_.clear();
  for (auto at = files_.begin(); at != files_.end();) {
    at = at->second->file.power_cut(prng_) ? std::next(at) : files_.erase(at);
  }
  new_life();
}

DiskImage Node::image() const {
  DiskImage out;
  for (const auto& [path, inode] : files_) {
    if (inode->file.durable()) out.emplace(path, inode->file.durable_bytes());
  }
  return out;
}

void Node::restore(const DiskImage& image) {
  new_life();
  files_.clear();
  deleted_.clear();
  for (const auto& [path, bytes] : image) make(path)->file.set_durable(bytes);
}

std::uint64_t Node::bytes() const {
  std::uint64_t sum = 0;
  for (const auto& [path, inode] : files_) sum += inode->file.size();
  return sum;
}

std::shared_ptr<Inode> Node::find(const std::string& path) const {
  const auto found = files_.find(path);
  return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<Inode> Node::make(const std::string& path) {
  auto& inode = files_[path];
  if (inode == nullptr) inode = std::make_shared<Inode>();
  return inode;
}

void Node::remove(const std::string& path, bool for_sure) {
  auto node = files_.extract(path);
  if (node.empty()) return;
  if (for_sure) {
    deleted_.erase(path);
  } else {
    deleted_[path] = std::move(node.mapped());
  }
}

}  // namespace dockline::sim
