#include "server/trail.h"

#include <functional>
#include <utility>

namespace conclave::server {
namespace {

using access::Capability;

// What everybody does all the time; only a refusal of it is worth a line.
bool is_everyday(std::string_view act) {
  for (const Capability one : {Capability::Chat, Capability::React, Capability::RaiseHand, Capability::VotePoll,
                               Capability::ShareScreen, Capability::CreatePoll}) {
    if (act == access::capability_text(one)) return true;
  }
  return false;
}

}  // namespace

bool Trail::worth_a_line(const access::Decided& what) {
  if (is_everyday(what.act)) return !what.decision.admitted();
  if (what.act != "request") return true;
  // Who waits asks every few seconds: the same answer to the same session is one line.
  const std::string question = what.room.key() + "\n" + what.identity.subject + "\n" +
                               std::string(access::outcome_text(what.decision.outcome)) + "\n" +
                               std::string(access::slug_text(what.decision.reason.slug));
  const std::size_t hash = std::hash<std::string>{}(question);
  if (asked_.size() >= kMaxRememberedQuestions) asked_.clear();
  const auto [found, is_new] = asked_.try_emplace(what.session, hash);
  if (is_new) return true;
  return std::exchange(found->second, hash) != hash;
}

void Trail::decided(const access::Decided& what) {
  assert_here();
  const access::Decision& decision = what.decision;
  const std::string_view outcome = access::outcome_text(decision.outcome);
  const std::string_view slug = access::slug_text(decision.reason.slug);
  ++decisions_[{what.act, outcome, slug}];
  if (!log_ || !worth_a_line(what)) return;
  log_->write(loop(), {.time = loop().wall_now(),
                       .act = std::string(what.act),
                       .kind = std::string(access::kind_text(what.identity.kind)),
                       .subject = what.identity.subject,
                       .nick = std::string(what.nick),
                       .peer = what.identity.proof.peer,
                       .room = what.room.key(),
                       .outcome = std::string(outcome),
                       .reason = std::string(slug),
                       .rule = std::string(decision.reason.rule),
                       .claim = decision.reason.claim,
                       .setting = decision.reason.setting});
}

void Trail::logged_in(const access::Identity& identity, std::string_view peer) {
  assert_here();
  const std::string_view kind = access::kind_text(identity.kind);
  ++logins_[{kind, "success"}];
  // A guest has proved nothing: his first line is what he asks for.
  if (!log_ || !identity.authenticated()) return;
  log_->write(loop(), {.time = loop().wall_now(),
                       .act = "login",
                       .kind = std::string(kind),
                       .subject = identity.subject,
                       .peer = std::string(peer),
                       .outcome = "success"});
}

void Trail::login_failed(access::IdentityKind kind, std::string_view outcome, std::string_view name,
                         std::string_view peer) {
  assert_here();
  ++logins_[{access::kind_text(kind), outcome}];
  if (!log_) return;
  log_->write(loop(), {.time = loop().wall_now(),
                       .act = "login",
                       .kind = std::string(access::kind_text(kind)),
                       .subject = std::string(name),
                       .peer = std::string(peer),
                       .outcome = "failure",
                       .reason = std::string(outcome)});
}

}  // namespace conclave::server
