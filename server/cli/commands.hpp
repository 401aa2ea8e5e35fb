// What each command takes, and the command. All print to the session's streams.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "server/cli/exit_code.hpp"
#include "server/cli/io.hpp"

namespace dockline::server::cli {

class Session;

struct ListOptions {
  std::string state, text, channel, subject, outcome;
  std::int64_t limit = 50;
  bool all = false;
};
struct CreateOrder {
  std::string file;  // JSON; "-" is standard input; empty: made of the fields below
  std::string number, channel, name, street, postal_code, city, country;
  std::vector<std::string> lines;  // "SKU=QUANTITY"
};
struct ImportOptions {
  std::string kind;  // orders, stock, items, barcodes, suppliers, ...: of a file
  std::string file, channel, site;
};
struct EventOptions {
  std::string type, subject;
  std::int64_t after = -1;  // -1: the last `limit`
  std::int64_t limit = 20;
  bool follow = false;
};

struct ExportOptions {
  std::string channel;
  std::int64_t after = 0;          // a position of the log
  std::int64_t limit = INT64_MAX;  // events or offers
};
Exit export_epcis(Session& session, const ExportOptions& options);
Exit export_offers(Session& session, const ExportOptions& options);

Exit orders_list(Session& session, const ListOptions& options);
Exit orders_show(Session& session, const std::string& id);
Exit orders_create(Session& session, const CreateOrder& order);
Exit orders_cancel(Session& session, const std::string& id, const std::string& reason,
                   const std::vector<std::string>& lines);  // "LINE=QUANTITY"
Exit orders_take_back(Session& session, const std::string& id, const std::string& reason,
                      const std::string& by);
// What is asked of an order's life, and of limits of backorders.
struct LifeOptions {
  std::string id, reason, why, by;
  std::vector<std::string> lines;   // "LINE=PIECES"
  std::vector<std::string> add;     // "SKU=PIECES"
  std::vector<std::string> others;  // orders
  std::string name, street, postal_code, city, country;
  std::int64_t promised_ms = 0, most = 0, released_ms = 0, preorder_most = 0;
  std::optional<bool> vip;
  bool ended = false;
};
Exit orders_hold(Session& session, const LifeOptions& options);
Exit orders_mergeable(Session& session);
Exit orders_unhold(Session& session, const LifeOptions& options);
Exit orders_amend(Session& session, const LifeOptions& options);
Exit orders_split(Session& session, const LifeOptions& options);
Exit orders_merge(Session& session, const LifeOptions& options);
Exit stock_backorders(Session& session, const LifeOptions& options);  // without a SKU: lists them
Exit import_file(Session& session, const ImportOptions& options);
Exit imports_list(Session& session);
Exit import_rows(Session& session, const std::string& id, const ListOptions& options);

Exit stock_list(Session& session, const ListOptions& options);
Exit stock_show(Session& session, const std::string& sku);
struct Adjust {
  std::string sku, site, reason;
  std::int64_t quantity = 0;
};
Exit stock_adjust(Session& session, const Adjust& adjust);
Exit stock_explain(Session& session, const std::string& sku);
struct PolicyOptions {
  std::string site, channel, sku, why, by;
  std::int64_t safety = -1, quota = -1, share_pm = -1, buffer = -1, cap = -1;  // -1: not set
};
struct KitOptions {
  std::string sku, by;
  std::vector<std::string> parts;  // "SKU=PIECES"
};
Exit kit_set(Session& session, const KitOptions& kit);
Exit kit_list(Session& session, const ListOptions& options);
Exit channel_drift(Session& session, const std::string& channel, const ListOptions& options);
Exit stock_policy_set(Session& session, const PolicyOptions& policy);
Exit stock_policy_list(Session& session, const PolicyOptions& only, const ListOptions& options);

Exit stations(Session& session);
Exit stations_write_off(Session& session, const std::string& id, const std::string& reason,
                        const std::string& by);
Exit devices(Session& session);
Exit exceptions_list(Session& session, const ListOptions& options);
Exit exceptions_show(Session& session, const std::string& id);
Exit exceptions_resolve(Session& session, const std::string& id, const std::string& action,
                        const std::string& by);
Exit outbox_list(Session& session, const ListOptions& options);
Exit outbox_decide(Session& session, const std::string& row, bool again);
Exit channels(Session& session);

Exit events(Session& session, const EventOptions& options);
Exit replay_verify(Session& session);
Exit health(Session& session);

Exit backup_now(Session& session);
Exit backup_list(Session& session);
Exit parked_list(Session& session, const ListOptions& options);
Exit parked_show(Session& session, const std::string& id);
// Empty id: all of them, or all of the station.
Exit parked_retry(Session& session, const std::string& id, const std::string& station);

// ---------------------------------------------------------------- on files, without a server
inline constexpr const char* kServerData = "/var/lib/dockline-server";
struct AuditOptions {
  std::string data, server_db;
  std::vector<std::string> agent_dbs;
};
// JSON with position and hash of the log's end, to be kept elsewhere; and the comparison later.
Exit chain_head(Io& io, const AuditOptions& options);
Exit chain_verify(Io& io, bool as_json, const AuditOptions& options, const std::string& head_file);
inline constexpr const char* kServerConfig = "/etc/dockline/server.toml";
struct RehearseOptions {
  std::string from, to, scratch;
  std::string
      config;  // server.toml; empty: that of this computer's server, if its data are asked for
  std::int64_t factor = 10;
};
struct RestoreOptions {
  std::string file, data;
  bool force = false;
};
Exit restore_files(Io& io, bool as_json, const RestoreOptions& options);
Exit archive_list(Io& io, bool as_json, const AuditOptions& options);
Exit archive_verify(Io& io, bool as_json, const AuditOptions& options);
Exit archive_show(Io& io, const AuditOptions& options, std::int64_t position);
// The last peak again on a shadow copy, at several times its rate.
Exit rehearse_files(Io& io, bool as_json, const AuditOptions& files,
                    const RehearseOptions& options);
Exit audit_files(Io& io, bool as_json, const AuditOptions& options);

}  // namespace dockline::server::cli
