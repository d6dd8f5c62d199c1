#pragma once
// `conclave revoke`: takes a credential back on the running server.
#include <string>

#include "ops/settings.h"

namespace conclave::ops {

// As on the command line; empty: not given.
struct RevokeWish {
  std::string token;  // "-": read from standard input, so that it stands in no list of processes
  std::string token_id;
  std::string token_hash;
  std::string subject;
  std::string account;
  std::string key_id;
  std::string ticket;  // "-" as above
  std::string issuer;
  std::string issued_before;  // "now", or seconds since 1970
  std::string lasts;          // "30 days"; then it is forgotten
  std::string note;
  std::string take_back;  // an id
  bool list = false;
};

// What to print. Throws ConfigError for a wish that makes no sense, AdminError if the server refuses.
std::string revoke(const RevokeWish& wish, const Settings& settings, WallTime now);

}  // namespace conclave::ops
