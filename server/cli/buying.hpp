// Commands about suppliers, purchases, suspects, exports and data quality.
#pragma once

#include <cstdint>
#include <string>

#include "server/cli/receiving.hpp"

namespace dockline::server::cli {

struct Buying {
  std::string id, sku, supplier, title, email, webhook, supplier_sku, currency, action, reason,
      expected, file;
  std::int64_t lead_days = 0, review_days = 7, rank = 1, pack = 1, minimum = 0, price = -1,
               safety_days = 0;
  ListOptions list;
};
// The root gets suppliers and purchases; `stock` gets quality, look, suspects and proposals.
void add_buying(CLI::App& root, CLI::App& stock, Buying& options, std::string& by,
                const Choose& choose);

Exit suppliers_list(Session& session);
Exit suppliers_set(Session& session, const Buying& o, const std::string& by);
Exit supplies_define(Session& session, const Buying& o, const std::string& by);
Exit purchases_list(Session& session, const Buying& o);
Exit purchases_show(Session& session, const Buying& o);
Exit purchases_decide(Session& session, const Buying& o, const std::string& by);
Exit stock_look(Session& session, const std::string& by);
Exit stock_quality(Session& session, const Buying& o);
Exit stock_suspects(Session& session, const Buying& o);
Exit transfers_proposed(Session& session);
Exit export_table(Session& session, const Buying& o);

}  // namespace dockline::server::cli
