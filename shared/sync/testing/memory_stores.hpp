// Stores in memory for tests. Copyable: a copy is a backup, a disk image or a clone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shared/sync/receiver_store.hpp"
#include "shared/sync/sender_store.hpp"

namespace dockline::sync::testing {

class MemorySenderStore final : public SenderStore {
 public:
  struct Row {
    std::string id, bytes;
    Chain chain{};
    std::int64_t at_ms = 0;
  };

  [[nodiscard]] base::Result<std::optional<SenderHead>> head() override { return head_; }
  [[nodiscard]] base::Status put_head(const SenderHead& head) override {
    head_ = head;
    return {};
  }
  [[nodiscard]] base::Status append(const OutRow& row) override {
    const bool fresh = rows_
                           .emplace(row.seq, Row{std::string(row.id), std::string(row.bytes),
                                                 row.chain, row.at_ms})
                           .second;
    if (!fresh) return base::fail(base::Fault::conflict, "row is there already");
    return {};
  }
  [[nodiscard]] base::Result<Chain> chain_at(Seq seq) override {
    const auto it = rows_.find(seq);
    if (it == rows_.end()) return base::fail(base::Fault::corrupt, "no such row");
    return it->second.chain;
  }
  [[nodiscard]] base::Status read(Seq first, Seq last,
                                  const std::function<bool(const OutRow&)>& each) override {
    for (auto it = rows_.lower_bound(first); it != rows_.end() && it->first <= last; ++it) {
      const Row& r = it->second;
      if (!each({it->first, r.id, r.bytes, r.chain, r.at_ms})) break;
    }
    return {};
  }
  [[nodiscard]] base::Status erase(Seq through) override {
    rows_.erase(rows_.begin(), rows_.upper_bound(through));
    return {};
  }
  [[nodiscard]] base::Status renumber(Seq from, Seq to, const Chain& chain) override {
    const auto it = rows_.find(from);
    if (it == rows_.end()) return base::fail(base::Fault::corrupt, "no such row");
    Row row = std::move(it->second);
    row.chain = chain;
    rows_.erase(it);
    if (!rows_.emplace(to, std::move(row)).second) {
      return base::fail(base::Fault::conflict, "number is taken");
    }
    return {};
  }

  [[nodiscard]] const std::map<Seq, Row>& rows() const { return rows_; }

 private:
  std::optional<SenderHead> head_;
  std::map<Seq, Row> rows_;
};

class MemoryReceiverStore final : public ReceiverStore {
 public:
  [[nodiscard]] base::Result<std::vector<InRow>> load() override { return rows_; }
  [[nodiscard]] base::Status put(const InRow& row) override {
    for (InRow& r : rows_) {
      if (r.inc == row.inc) {
        r = row;
        return {};
      }
    }
    rows_.push_back(row);
    return {};
  }

 private:
  std::vector<InRow> rows_;
};

}  // namespace dockline::sync::testing
