// What the channel engine asks the server's books.
#pragma once

#include "server/app/core.hpp"
#include "server/app/stations.hpp"
#include "server/publish/channel_words.hpp"
#include "server/publish/listings.hpp"
#include "server/store/listing_table.hpp"
#include "server/store/order_facts.hpp"

namespace dockline::server {

class HubBooks final : public publish::Books,
                       public publish::ChannelWords,
                       public publish::ListingBook {
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
  [[nodiscard]] base::Result<bool> moved(const std::string& order,
                                         const domain::Address& shown) override;
  [[nodiscard]] base::Result<Page> told_lately(const std::string& channel, std::int64_t now_ms,
                                               std::int64_t before, std::size_t limit) override;
  [[nodiscard]] base::Result<std::vector<publish::FlawedListing>> flawed_listings() override;
  [[nodiscard]] base::Status put_listing(const publish::FlawedListing& row) override;
  [[nodiscard]] base::Status remove_listing(const publish::FlawedListing& row) override;

 private:
  [[nodiscard]] std::optional<domain::Address> said(std::int64_t ord, const store::OrderHead& head);
  template <class T>
  [[nodiscard]] base::Result<T> answer(T value);
  void as_sold(std::int64_t ord, std::map<std::int64_t, domain::Quantity>& told,
               std::vector<publish::KnownLine>& lines);
  [[nodiscard]] std::vector<stock::StationRisk> risks(const std::string& sku,
                                                      const std::string& site,
                                                      domain::Quantity quota,
                                                      domain::Quantity free) const;
  HubCore& core_;
  Stations& stations_;
  store::OrderFacts facts_;
  store::ListingTable listings_;
  std::map<std::string, std::pair<std::int64_t, std::string>, std::less<>> routing_order_;
};

}  // namespace dockline::server
