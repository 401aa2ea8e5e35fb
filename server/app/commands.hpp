// What people and neighbours ask for: API, command line, channels' webhooks.
#pragma once

#include "server/app/books.hpp"
#include "server/app/core.hpp"
#include "server/app/import_run.hpp"
#include "server/app/keeping.hpp"
#include "server/app/reactions.hpp"
#include "server/app/stock_desk.hpp"

namespace dockline::server {

class Commands {
 public:
  Commands(HubCore& core, Reactions& reactions, HubBooks& books, ImportRun& imports,
           Keeping& keeping, StockDesk& stock)
      : core_(core),
        reactions_(reactions),
        books_(books),
        imports_(imports),
        keeping_(keeping),
        stock_(stock) {}

  // An error here is the answer to whoever asked (reject, conflict) or fails the turn (the rest).
  [[nodiscard]] base::Result<Reply> run(const Command& command);
  // Facts that the channel engine wants kept.
  [[nodiscard]] base::Status keep(std::vector<wire::EventData> facts);

 private:
  [[nodiscard]] base::Result<Reply> on(const ReceiveOrder& command);
  [[nodiscard]] base::Result<Reply> on(const CancelOrder& command);
  [[nodiscard]] base::Result<Reply> on(const AdjustStock& command);
  [[nodiscard]] base::Result<Reply> on(const RegisterItem& command);
  [[nodiscard]] base::Result<Reply> on(const ResolveException& command);
  [[nodiscard]] base::Result<Reply> on(const StartImport& command);
  [[nodiscard]] base::Result<Reply> on(const ForceRevoke& command);
  [[nodiscard]] base::Result<Reply> on(const WriteOffStation& command);
  [[nodiscard]] base::Result<Reply> on(const RouteOrder& command);
  [[nodiscard]] base::Result<Reply> on(const HookIn& command);
  [[nodiscard]] base::Result<Reply> on(const DecideOutbox& command);
  [[nodiscard]] base::Result<Reply> on(const RaiseException& command);
  [[nodiscard]] base::Result<Reply> on(const SetStockPolicy& command);  // commands_policy.cpp
  [[nodiscard]] base::Result<Reply> on(const DefineKit& command);
  [[nodiscard]] base::Result<Reply> on(const ExplainStock& command);
  [[nodiscard]] base::Result<Reply> on(const HoldOrder& command);
  [[nodiscard]] base::Result<Reply> on(const ReleaseHold& command);
  [[nodiscard]] base::Result<Reply> on(const AmendOrder& command);
  [[nodiscard]] base::Result<Reply> on(const SplitOrder& command);
  [[nodiscard]] base::Result<Reply> on(const MergeOrders& command);
  [[nodiscard]] base::Result<Reply> on(const SetBackorder& command);
  // commands_handover.cpp
  [[nodiscard]] base::Result<Reply> on(const HandOver& command);
  [[nodiscard]] base::Result<Reply> on(const TakeBackParcel& command);
  [[nodiscard]] base::Result<Reply> on(const DeliverParcel& command);
  [[nodiscard]] base::Result<Reply> on(const ReturnGoods& command);
  [[nodiscard]] base::Result<Reply> on(const DescribeSite& command);  // commands_sites.cpp
  [[nodiscard]] base::Result<Reply> on(const BackupDone& command) { return keeping_.on(command); }
  [[nodiscard]] base::Result<Reply> on(const SegmentMade& command) { return keeping_.on(command); }
  [[nodiscard]] base::Result<Reply> on(const RetryParked& command) { return keeping_.on(command); }

  [[nodiscard]] base::Result<Reply> on(const StockCommand& command) { return stock_.run(command); }

  [[nodiscard]] base::Status act(const std::string& kind, const std::string& subject,
                                 const ResolveException& command);
  [[nodiscard]] base::Status act_on_order(const std::string& kind, const std::string& subject,
                                          const ResolveException& command);
  [[nodiscard]] base::Result<std::int64_t> known_order(const std::string& order) const;
  [[nodiscard]] base::Status keep_one(wire::OrderReceived order);
  void cancelled_too_late(const wire::OrderCancelled& wish, domain::Quantity left);
  // commands_channel.cpp: what a channel shows of an order it gave before
  [[nodiscard]] base::Status keep_one(const wire::OrderAmended& shown);
  [[nodiscard]] base::Result<bool> keep_goods(const wire::OrderAmended& shown);  // address too?
  [[nodiscard]] base::Status keep_address(const wire::OrderAmended& shown);
  [[nodiscard]] base::Status known_site(const std::string& site) const;
  [[nodiscard]] base::Status check_policy(const wire::StockPolicySet& wish) const;
  [[nodiscard]] base::Status check_kit(const stock::Recipe& mine) const;

  HubCore& core_;
  Reactions& reactions_;
  HubBooks& books_;
  ImportRun& imports_;
  Keeping& keeping_;
  StockDesk& stock_;
};

}  // namespace dockline::server
