// The turn: drain up to N inputs (mailbox.hpp says whose come first) -> step -> one transaction ->
// COMMIT -> release the effects.
//
// An effect never leaves before the commit that justifies it; it may be lost to a crash after the
// commit. If a step or the commit fails, memory is ahead of the disk: the App is thrown away, a new
// one is built from its store, and the inputs are tried one by one, so that a single bad input
// cannot take its neighbours with it. What fails alone is rejected to the shell. A disk that is
// full, or fails twice in a row, is left alone for kHoldMs: what comes meanwhile is rejected at
// once, so that a full disk does not keep a core busy opening the same file over and over.
//
// An App is:
//   using Input, Effect;
//   Status begin();  Status step(Instant, const Input&, std::vector<Effect>&);
//   Status commit(); void abandon();
// and, if it wants to gather what a whole turn owes (merged acks, batches):
//   Status finish(Instant, std::vector<Effect>&);   after the last step, before commit()
// and, if it can ask the others to send less:
//   void crowded(std::size_t waiting);   after begin(): inputs that wait beside those of this turn
// and, since a COMMIT that failed may have reached the disk all the same (its fsync did not
// answer):
//   std::uint64_t tried();   number of the turn whose COMMIT failed; 0: commit() came not so far
//   Result<bool> kept(std::uint64_t);   is it in the store now, and safe there?
//   static bool only_tells(const Effect&);   says what was done, and does nothing else
//   void counted_unheard(Instant);   if it has people before it: see below
// The reopened store tells whether that turn is in it. If so its inputs are neither rejected nor
// tried again, and those of its effects leave that only tell; the others come from the store, as
// after a crash behind the commit. When the store cannot be reopened at once, the inputs are
// rejected without another try; an App with counted_unheard() is told when it can, if they had been
// kept, and what comes in that turn is rejected too: people look before they go on.
//
// Thread rule: one lane. post() too: other threads post to the lane first.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "shared/base/plant.hpp"
#include "shared/base/result.hpp"
#include "shared/base/time.hpp"
#include "shared/turn/mailbox.hpp"

namespace dockline::turn {

inline constexpr std::int64_t kHoldMs = 200;  // between two tries on a disk that takes nothing

template <class App>
class Turn {
 public:
  using Input = typename App::Input;
  using Effect = typename App::Effect;

  struct Shell {
    std::function<base::Instant()> now;
    // Builds an App from its store: at start, and after a failed turn. May fail (disk full).
    std::function<base::Result<std::unique_ptr<App>>()> open;
    std::function<void(Effect)> release;                           // after the commit
    std::function<void(const Input&, const base::Error&)> reject;  // nothing of it was kept
  };

  explicit Turn(Shell shell) : shell_(std::move(shell)) {}

  // Opens the App. Call once before the first run().
  [[nodiscard]] base::Status start() {
    auto app = shell_.open();
    if (!app) return base::pass(app.error());
    app_ = std::move(*app);
    return {};
  }

  // Queues one input; false when the mailbox is full (overflow policy: reject, the caller decides).
  [[nodiscard]] bool post(Input input) {
    if (mailbox_.put(std::move(input))) return true;
    ++overflowed_;
    return false;
  }

  [[nodiscard]] bool idle() const { return mailbox_.empty(); }
  [[nodiscard]] std::size_t waiting() const { return mailbox_.size(); }
  [[nodiscard]] std::uint64_t turns() const { return turns_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }
  [[nodiscard]] std::uint64_t overflowed() const { return overflowed_; }
  // Null between a failed turn and a successful reopening (disk full, I/O error).
  [[nodiscard]] App* app() { return app_.get(); }

  // One turn. Returns how many inputs were taken from the mailbox.
  std::size_t run() {
    const std::vector<Input> batch = mailbox_.take();
    if (batch.empty()) return 0;
    const auto failed = attempt(batch);
    if (failed && batch.size() > 1 && in_doubt_ == 0) {
      one_by_one(batch);
    } else if (failed) {
      for (const auto& input : batch) shell_.reject(input, *failed);
    }
    return batch.size();
  }

 private:
  // Nothing on success; the error after the App was rebuilt (or could not be) otherwise.
  [[nodiscard]] std::optional<base::Error> attempt(std::span<const Input> batch) {
    if (held_ && shell_.now().mono_ms < held_until_ms_) return held_;
    held_.reset();
    if (app_ == nullptr) {
      const auto kept = reopen();
      if (!kept) return hold(kept.error());
      if constexpr (requires { app_->counted_unheard(shell_.now()); }) {
        if (*kept) {
          app_->counted_unheard(shell_.now());
          return base::Error{base::Fault::retry_later,
                             "the disk failed while the last input was written, and kept it: look "
                             "at what is shown before you go on"};
        }
      }
    }
    std::vector<Effect> effects;
    const auto done = transact(batch, effects);
    if (!done) {
      ++failures_;
      app_->abandon();
      if constexpr (kNumbersTurns) in_doubt_ = app_->tried();
      app_.reset();
      // At once: the shell shows what the App knows, whether or not it can be written.
      const auto kept = reopen();
      if (!kept) return hold(kept.error());
      if (!*kept) return hold(done.error());
      std::erase_if(effects, [](const Effect& e) { return !tells(e); });
    }
    ++turns_;
    disk_faults_ = 0;
    for (auto& effect : effects) shell_.release(std::move(effect));
    return std::nullopt;
  }

  // True: the turn whose COMMIT failed is in the store, and safe there.
  [[nodiscard]] base::Result<bool> reopen() {
    if (auto ok = start(); !ok) return base::pass(ok.error());
    if constexpr (kNumbersTurns) {
      if (in_doubt_ != 0) {
        auto kept = app_->kept(in_doubt_);
        if (!kept) {
          app_.reset();
          return kept;
        }
        in_doubt_ = 0;
        return kept;
      }
    }
    return false;
  }
  [[nodiscard]] static bool tells(const Effect& effect) {
    if constexpr (kNumbersTurns) return App::only_tells(effect);
    return false;
  }

  [[nodiscard]] base::Error hold(base::Error why) {
    const bool full = why.fault == base::Fault::full;
    disk_faults_ = full || why.fault == base::Fault::retry_later ? disk_faults_ + 1 : 0;
    if (full || disk_faults_ > 1) {
      held_ = why;
      held_until_ms_ = shell_.now().mono_ms + kHoldMs;
    }
    return why;
  }

  [[nodiscard]] base::Status transact(std::span<const Input> batch, std::vector<Effect>& effects) {
    if (auto ok = app_->begin(); !ok) return ok;
    if constexpr (requires { app_->crowded(mailbox_.size()); }) app_->crowded(mailbox_.size());
    const base::Instant now = shell_.now();
    for (const auto& input : batch) {
      if (auto ok = app_->step(now, input, effects); !ok) return ok;
    }
    if constexpr (requires { app_->finish(now, effects); }) {
      if (auto ok = app_->finish(now, effects); !ok) return ok;
    }
    if (PLANT("effect-before-commit")) {
      for (auto& effect : std::exchange(effects, {})) shell_.release(std::move(effect));
    }
    return app_->commit();
  }

  void one_by_one(const std::vector<Input>& batch) {
    for (const auto& input : batch) {
      if (const auto failed = attempt({&input, 1})) shell_.reject(input, *failed);
    }
  }

  static constexpr bool kNumbersTurns = requires(App& app) { app.tried(); };

  Shell shell_;
  std::unique_ptr<App> app_;
  Mailbox<App> mailbox_;
  std::uint64_t turns_ = 0, failures_ = 0, overflowed_ = 0;
  std::optional<base::Error> held_;  // why the disk is left alone
  std::int64_t held_until_ms_ = 0;
  int disk_faults_ = 0;         // in a row
  std::uint64_t in_doubt_ = 0;  // a turn whose COMMIT failed, until the store was opened again
};

}  // namespace dockline::turn
