#include "ops/invitation_settings.h"

#include <utility>

#include "ops/secret_file.h"

namespace conclave::ops {
namespace {

constexpr std::string_view kName = "conclave-invitations";
constexpr std::size_t kSecretLength = 48;

}  // namespace

void add_invitations(Settings& settings, Random& random) {
  settings.invitations = access::InvitationIssuer{
      .name = std::string(kName),
      .domain = settings.xmpp_domain,
      .secret = secret_from(settings.data_dir / "invitation-secret", kSecretLength, random, "CONCLAVE_DATA")};
  access::Issuer issuer{.name = std::string(kName)};
  issuer.keys.push_back(
      access::VerificationKey::from_secret(access::Algorithm::HS256, settings.invitations->secret).value());
  issuer.accepted_issuers = {std::string(kName)};
  issuer.accepted_audiences = {std::string(kName)};
  issuer.leeway = std::chrono::seconds(0);  // one clock signs and checks
  issuer.require_exp = true;
  issuer.allow_any_room = false;
  issuer.verify_domain = true;
  issuer.own_names = {settings.xmpp_domain};
  settings.issuers.push_back(std::move(issuer));
}

}  // namespace conclave::ops
