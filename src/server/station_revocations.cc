// Revocation on one loop: its streams lose what the credential gave, its rooms decide their holders anew.
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
