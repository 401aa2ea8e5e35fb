// What the channel engine asks the server's books.
#pragma once

#include "server/app/core.hpp"
#include "server/app/stations.hpp"

namespace dockline::server {

class HubBooks final : public publish::Books {
 public:
  HubBooks(HubCore& core, Stations& stations);
  [[nodiscard]] base::Result<publish::SkuFacts> facts(const std::string& sku) override;
  [[nodiscard]] base::Result<publish::KitFacts> kit(const std::string& sku) override;
  [[nodiscard]] base::Result<stock::ListingPolicy> policy(const std::string& channel,
                                                          const std::string& sku) override;
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
  void as_sold(std::int64_t ord, std::map<std::int64_t, domain::Quantity>& told,
               std::vector<publish::KnownLine>& lines);
  [[nodiscard]] std::vector<stock::StationRisk> risks(const std::string& site,
                                                      domain::Quantity quota,
                                                      domain::Quantity free) const;
  HubCore& core_;
  Stations& stations_;
  std::map<std::string, std::pair<std::int64_t, std::string>, std::less<>> routing_order_;
};

}  // namespace dockline::server
