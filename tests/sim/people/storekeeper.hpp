// Who handles goods by the case: receives by the code of a case and by the unit's name, counts
// whole cases, puts cases aside and back. Of an article with cases of two sizes nobody can say how
// many pieces "a case" is: asking by the unit has to be refused.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tests/sim/checkers/observe.hpp"
#include "tests/sim/people/officer.hpp"

namespace dockline::sim {

class Storekeeper final : public Officer {
 public:
  using Report = std::function<void(const Observation&)>;
  Storekeeper(Desk desk, Report report)
      : Officer(std::move(desk), "cases"), report_(std::move(report)) {}
  // The plan says how many goods have cases, not how often somebody handles them.
  void begin(std::int64_t per_mille) override;

 private:
  void one() override;
  [[nodiscard]] bool is_entered(const Goods& goods);
  // So many cases in pieces, as the API reckons them; nothing: it refuses.
  [[nodiscard]] std::optional<std::int64_t> in_pieces(const Goods& goods, std::int64_t cases);
  void receive(const Goods& goods, const std::string& site, bool by_code);
  void count(const Goods& goods, const std::string& site);
  void put_aside(const Goods& goods, const std::string& site);
  // Done and answered: the log has it with as many pieces.
  [[nodiscard]] Then tell(const char* fact, const Goods& goods, const std::string& site,
                          std::int64_t pieces);

  Report report_;
};

}  // namespace dockline::sim
