// What the channel engine asks the server's books.
#pragma once

#include "server/app/core.hpp"

namespace dockline::server {

class HubBooks final : public publish::Books {
 public:
  explicit HubBooks(HubCore& core) : core_(core) {}
  [[nodiscard]] base::Result<domain::Quantity> available(const std::string& sku,
                                                         const std::string& site) override;
  [[nodiscard]] base::Result<bool> knows(const std::string& sku) override;
  [[nodiscard]] base::Result<std::vector<std::string>> skus(const std::string& after,
                                                            std::size_t limit) override;
  [[nodiscard]] base::Result<domain::Quantity> held(const std::string& channel,
                                                    const std::string& sku) override;
  [[nodiscard]] base::Result<std::optional<domain::Quantity>> told(
      const std::string& channel, const std::string& sku, const std::string& location) override;
  [[nodiscard]] base::Result<std::optional<std::vector<publish::KnownLine>>> order(
      const std::string& order) override;
  [[nodiscard]] base::Result<std::vector<std::string>> open_orders(const std::string& channel,
                                                                   const std::string& after,
                                                                   std::size_t limit) override;

 private:
  template <class T>
  [[nodiscard]] base::Result<T> answer(T value);
  HubCore& core_;
};

}  // namespace dockline::server
