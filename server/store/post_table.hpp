// Where the purchases are kept that wait for their suppliers' addresses (publish::SupplierPost).
// Errors are sticky (query.hpp).
#pragma once

#include <string_view>
#include <vector>

#include "server/publish/supplier_post.hpp"
#include "server/store/query.hpp"

namespace dockline::server::store {

class PostTable {
 public:
  PostTable(sqlite::Db& db, Trouble& trouble);

  [[nodiscard]] std::vector<publish::PostRow> rows();
  void put(const publish::PostRow& row);
  void remove(std::string_view purchase);

 private:
  Query rows_, put_, remove_;
};

}  // namespace dockline::server::store
