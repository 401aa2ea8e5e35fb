// Ordered purchases to their suppliers' addresses: makes the order's bytes, keeps the rows of the
// machine (server/publish/supplier_post.hpp), and turns how it ended into facts and cases.
#pragma once

#include <string>
#include <vector>

#include "server/app/core.hpp"

namespace dockline::server {

class PurchasePosts {
 public:
  explicit PurchasePosts(HubCore& core) : core_(core) {}

  // Reads the rows of the life before. Once, before anything else.
  [[nodiscard]] base::Status open();
  // It was ordered: its row waits from now on. Nothing when its supplier has no address: a person
  // tells it. An order that cannot go is a fact and a case at once.
  [[nodiscard]] base::Status order(const std::string& purchase);
  // A person says: again. Fault::conflict when that cannot work as things are.
  [[nodiscard]] base::Status again(const std::string& purchase);
  // A person told the supplier in another way.
  [[nodiscard]] base::Status otherwise(const std::string& purchase, const std::string& by);
  [[nodiscard]] base::Status on_result(const ChannelResult& result);
  // Last of the turn: rows that may go become requests.
  void flush(std::vector<Effect>& effects);

 private:
  [[nodiscard]] base::Result<publish::PostRow> row_of(const std::string& purchase);
  [[nodiscard]] base::Status put(publish::PostRow row);
  [[nodiscard]] base::Status told(const std::string& purchase, std::string action, std::string why,
                                  std::string by);
  void save(const std::vector<publish::PostChange>& changes);

  HubCore& core_;
};

}  // namespace dockline::server
