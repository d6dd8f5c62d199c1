#include "server/trail.h"

#include "base/network.h"
#include "base/rfc3339.h"

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

// Of an address with its port, "192.0.2.1:5" or "[2001:db8::1]:5"; "" of what is none.
std::string network_in(std::string_view peer) {
  std::string_view ip = peer.substr(0, peer.rfind(':'));
  if (ip.starts_with('[') && ip.ends_with(']')) ip = ip.substr(1, ip.size() - 2);
  const auto address = Address::parse(ip, 0);
  return address ? network_of(*address) : std::string();
}

}  // namespace

bool Trail::worth_a_line(const access::Decided& what) {
  const bool admitted = what.decision.admitted();
  // Requests are folded whatever the answer: who waits asks every few seconds.
  const bool folded = !admitted || what.act == "request";
  if (!folded) return !is_everyday(what.act);
  const std::string question = std::string(what.act) + "\n" + what.room.key() + "\n" + what.identity.subject + "\n" +
                               std::string(access::outcome_text(what.decision.outcome)) + "\n" +
                               std::string(access::slug_text(what.decision.reason.slug));
  return refusals_.is_new(what.session, question) && has_place(network_in(what.identity.proof.peer));
}

bool Trail::has_place(const std::string& network) {
  if (refusals_.take(loop().now(), loop().wall_now(), network)) return true;
  if (!summing_.is_set()) summing_ = loop().after(kSumInterval, [this] { sum_up(); });
  return false;
}

void Trail::sum_up() {
  const Timer over = std::move(summing_);
  for (const RefusalLines::Sum& sum : refusals_.sums()) {
    log_->write(loop(),
                {.time = loop().wall_now(),
                 .act = "refusals",
                 .peer = sum.network,
                 .outcome = "summed up",
                 .detail = std::to_string(sum.lines) + " more refusals of " +
                           (sum.network.empty() ? "other networks" : sum.network) + " since " + rfc3339(sum.since)});
  }
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
  if (!log_ || !has_place(network_in(peer))) return;
  log_->write(loop(), {.time = loop().wall_now(),
                       .act = "login",
                       .kind = std::string(access::kind_text(kind)),
                       .subject = std::string(name),
                       .peer = std::string(peer),
                       .outcome = "failure",
                       .reason = std::string(outcome)});
}

}  // namespace conclave::server
