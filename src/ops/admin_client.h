#pragma once
// The admin API of the server that runs with these settings, for commands: one request, waited for.
#include <stdexcept>
#include <string>

#include "ops/settings.h"

namespace conclave::ops {

struct AdminRequest {
  std::string method = "GET";
  std::string path;  // below /admin/v1: "/revocations"
  std::string body = {};
  std::string accept = "application/json";
};

// The server cannot be reached, or refused; what() says why and what to do.
class AdminError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// CONCLAVE_ADMIN_URL, or this machine's HTTP port; throws ConfigError if neither is known.
std::string admin_url(const Settings& settings);

// Of whom `conclave explain --live` asks; a guest unless a token or a name is given.
struct LiveQuestion {
  std::string room;
  std::string token = {};
  std::string account = {};  // of a local account, or in the directory
  bool as_json = false;
};
// As ops::as_text() or as_json() would say it, about the running server's room as it is now.
std::string explain_live(const LiveQuestion& question, const Settings& settings);

// The body of a good answer; throws AdminError for others. Blocks; for the program's commands only.
std::string ask_admin(const Settings& settings, const AdminRequest& request);

}  // namespace conclave::ops
