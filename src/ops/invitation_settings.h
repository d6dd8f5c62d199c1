#pragma once
// The issuer of personal links (access/invitation.h): not configured, made with a secret of its own in
// <data>/invitation-secret.
#include "base/random.h"
#include "ops/settings.h"

namespace conclave::ops {

// Fills in settings.invitations and adds the issuer that takes its tokens. Throws ConfigError if the secret can be
// neither read nor made. Deleting the file makes all links worthless.
void add_invitations(Settings& settings, Random& random);

}  // namespace conclave::ops
