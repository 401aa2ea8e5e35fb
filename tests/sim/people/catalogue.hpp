// The merchant's goods: what is printed on a piece, so that a packer can scan it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace dockline::sim {

// A bar code that stands for several pieces; each is called a "case".
struct Case {
  std::string code;  // a GTIN-14
  std::int64_t pieces = 0;
};

struct Goods {
  std::string sku, title, barcode;  // an EAN-13 of one piece
  std::string bin;
  std::int64_t first_stock = 0;             // pieces per site at the start
  bool hazardous = false;                   // where there are rules, only some sites may ship it
  std::vector<std::int64_t> stock_at = {};  // instead of first_stock: of each site, in their order
  std::string tracked = {};                 // lot, serial: its code says it, and must
  std::vector<Case> cases = {};             // of two sizes: nobody knows what "a case" of it is
};

class Catalogue {
 public:
  void add(Goods goods) {
    by_sku_[goods.sku] = all_.size();
    all_.push_back(std::move(goods));
  }
  [[nodiscard]] const std::vector<Goods>& all() const { return all_; }
  [[nodiscard]] const Goods* find(const std::string& sku) const {
    const auto found = by_sku_.find(sku);
    return found == by_sku_.end() ? nullptr : &all_[found->second];
  }
  // The n-th article of a made-up assortment.
  [[nodiscard]] static Goods made_up(std::size_t n, std::int64_t first_stock);
  // An EAN-13 for the n-th article.
  [[nodiscard]] static std::string barcode(std::size_t n);
  // A GTIN-14 of a case of what has this EAN-13; `kind` 1 to 8 tells its cases apart.
  [[nodiscard]] static std::string case_code(const std::string& barcode, int kind);

 private:
  std::vector<Goods> all_;
  std::map<std::string, std::size_t> by_sku_;
};

}  // namespace dockline::sim
