// Projection tables of decisions, exceptions, devices and imported rows. Errors are sticky.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/store/query.hpp"
#include "shared/wire/events.hpp"

namespace dockline::server::store {

class CaseBook {
 public:
  CaseBook(sqlite::Db& db, Trouble& trouble);

  void put_decision(std::int64_t position, const wire::DecisionMade& made);

  void raise(std::int64_t position, std::int64_t at_ms, const wire::ExceptionRaised& raised);
  void resolve(std::int64_t at_ms, const wire::ExceptionResolved& resolved);
  [[nodiscard]] bool is_open(std::string_view kind, std::string_view subject);
  [[nodiscard]] std::optional<std::string> open_id(std::string_view kind, std::string_view subject);
  // Was it ever raised in these words, whether it is open or settled?
  [[nodiscard]] bool said(std::string_view kind, std::string_view subject,
                          std::string_view context);
  struct Case {
    std::string kind, subject;
    bool open = false;
  };
  [[nodiscard]] std::optional<Case> find(std::string_view id);

  void put_device(std::string_view site, std::string_view station, std::int64_t at_ms,
                  const wire::DeviceChanged& device);

  void put_import_row(std::string_view fingerprint, const wire::ImportedRow& row);
  [[nodiscard]] std::int64_t import_rows(std::string_view fingerprint);

 private:
  Query decision_, raise_, resolve_, open_id_, open_, said_, find_, device_, import_row_,
      import_rows_;
};

}  // namespace dockline::server::store
