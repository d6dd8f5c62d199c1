// Credentials that count no longer, on one loop. Revoked: its streams lose what they gave, its rooms decide their
// holders anew. Taken no longer by new settings: nobody inside loses anything, unless the operator asks for it; the
// next decision does without them.
#include "server/station.h"

#include "access/still_good.h"

namespace conclave::server {

bool Station::is_revoked(const access::Identity& identity) const {
  return revocations_->find(identity) != nullptr;
}

bool Station::counts(const access::Identity& identity) const {
  return !is_revoked(identity) && access::is_still_good(identity, *rules_);
}

// Also what a ticket stood for in a room of this loop, asked for and remembered under other rules.
bool Station::is_void(const access::Identity& identity) const {
  if (!counts(identity)) return true;
  const bool of_account =
      identity.kind == access::IdentityKind::Password || identity.kind == access::IdentityKind::Ldap;
  return identity.proof.via == access::Proof::Via::Ticket && !of_account &&
         rules_->policies.base.reload == access::Reload::Off;
}

void Station::set_rules(std::shared_ptr<const access::Rules> rules, ops::AtReload inside) {
  assert_here();
  rules_ = std::move(rules);
  policies_ = rules_->policies;
  if (inside == ops::AtReload::Anew) return decide_anew();
  rooms_.forget_tickets([this](const access::Identity& identity) { return is_void(identity); });
}

void Station::set_revocations(access::SharedRevocations list) {
  assert_here();
  revocations_ = std::move(list);
  for (auto& [session, client] : clients_) {
    if (is_revoked(client.identity)) client.identity = access::guest_instead(client.identity, client.jid.node);
  }
  rooms_.credentials_revoked([this](const access::Identity& identity) { return is_revoked(identity); });
}

void Station::decide_anew() {
  assert_here();
  for (auto& [session, client] : clients_) {
    if (is_void(client.identity)) client.identity = access::guest_instead(client.identity, client.jid.node);
  }
  rooms_.decide_anew([this](const access::Identity& identity) { return is_void(identity); });
}

Result<access::Identity, access::TokenFailure> Station::verify(std::string_view token) const {
  auto identity = rules_->verifier->verify(token, loop().wall_now());
  if (!identity || !is_revoked(*identity)) return identity;
  return failure(access::TokenFailure{.slug = access::Slug::TokenRevoked,
                                      .text = "This credential has been revoked.",
                                      .sentence = "The token has been revoked."});
}

// What comes from another loop may have been sent before that one heard of the revocation, or of new settings.
room::Visitor Station::as_of_now(room::Visitor visitor) const {
  if (!counts(visitor.identity)) visitor.identity = access::guest_instead(visitor.identity, visitor.sender.jid.node);
  return visitor;
}

}  // namespace conclave::server
