// Limits of backorders as JSON.
#include "server/api/life.hpp"
#include "server/api/values.hpp"

namespace dockline::server::api {

std::string backorders_json(const std::vector<store::BackorderRow>& rows) {
  return json::serialize(whole(list(rows, [](const store::BackorderRow& r) {
    return json::object{{"sku", r.sku},
                        {"most", r.most},
                        {"waiting", r.waiting},
                        {"preorder", r.preorder},
                        {"released_ms", moment(r.released_ms)},
                        {"preorder_most", r.preorder_most},
                        {"why", r.why},
                        {"by", r.by}};
  })));
}

}  // namespace dockline::server::api
