// Credentials that are good no more, on one loop: its streams lose what they gave, its rooms decide their holders anew.
// They were revoked, or the rules changed.
#include "server/station.h"

namespace conclave::server {
namespace {

access::Identity guest_instead(const access::Identity& revoked, const std::string& key) {
  access::Identity identity = access::guest(key);
  identity.proof.peer = revoked.proof.peer;
  return identity;
}

}  // namespace

bool Station::is_revoked(const access::Identity& identity) const {
  return revocations_->find(identity) != nullptr;
}

void Station::set_revocations(access::SharedRevocations list) {
  assert_here();
  revocations_ = std::move(list);
  for (auto& [session, client] : clients_) {
    if (is_revoked(client.identity)) client.identity = guest_instead(client.identity, client.jid.node);
  }
  rooms_.credentials_revoked([this](const access::Identity& identity) { return is_revoked(identity); });
}

bool Station::is_void(const access::Identity& identity) const {
  const access::AuthMethods& auth = rules_->policies.base.auth;
  switch (identity.kind) {
    case access::IdentityKind::Token:
      return !auth.token || rules_->verifier->issuer(identity.proof.issuer) == nullptr;
    case access::IdentityKind::Password:
      return !auth.password;
    case access::IdentityKind::Ldap:
      return !auth.ldap;
    case access::IdentityKind::Guest:
    case access::IdentityKind::Service:
      break;
  }
  return false;
}

void Station::decide_anew() {
  assert_here();
  for (auto& [session, client] : clients_) {
    if (is_void(client.identity)) client.identity = guest_instead(client.identity, client.jid.node);
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

// What comes from another loop may have been sent before that one heard of the revocation.
room::Visitor Station::as_of_now(room::Visitor visitor) const {
  if (is_revoked(visitor.identity)) visitor.identity = guest_instead(visitor.identity, visitor.sender.jid.node);
  return visitor;
}

}  // namespace conclave::server
