#pragma once
// What becomes of decisions and logins: numbers by reason for the metrics, lines of the audit log. One per loop, on it.
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "access/decision_log.h"
#include "access/token.h"
#include "audit/audit_log.h"
#include "loop/pinned.h"
#include "server/refusal_lines.h"

namespace conclave::server {

class Trail final : public Pinned, public access::DecisionLog {
 public:
  static constexpr Duration kSumInterval = 5min;  // how often refusals without a line are summed up

  // Labels are static texts, or of a fixed set: their number is bounded.
  using Decisions = std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::uint64_t>;
  using Logins = std::map<std::pair<std::string_view, std::string_view>, std::uint64_t>;

  // `log` is null where there is none; it outlives this.
  Trail(Loop& loop, audit::AuditLog* log) : Pinned(loop), log_(log) {}

  void decided(const access::Decided& what) override;
  // `outcome` is static: "success", or why not.
  void logged_in(const access::Identity& identity, std::string_view peer);
  void login_failed(access::IdentityKind kind, std::string_view outcome, std::string_view name, std::string_view peer);
  void session_ended(std::uint64_t session) { refusals_.forget(session); }

  const Decisions& decisions() const { return decisions_; }  // act, outcome, reason → how often
  const Logins& logins() const { return logins_; }           // kind, outcome → how often

 private:
  bool worth_a_line(const access::Decided& what);
  bool has_place(const std::string& network);
  void sum_up();

  audit::AuditLog* log_;
  Decisions decisions_;
  Logins logins_;
  RefusalLines refusals_;
  Timer summing_;
};

}  // namespace conclave::server
