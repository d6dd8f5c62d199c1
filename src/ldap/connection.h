#pragma once
// One connection to one server of the directory. Blocks, each step for at most DirectoryOptions::timeout: for a worker
// thread only. Follows no referral, and says nothing before TLS stands where TLS was asked for.
#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ldap/directory_options.h"
#include "ldap/tls_context.h"
#include "ldap/wire_deadline.h"

struct ldap;

namespace conclave::ldap {

// `code` is a result code (RFC 4511 §4.1.9), or negative for what happened on this side of the wire.
struct LdapError {
  int code = 0;
  std::string text;  // for the log; holds no credential

  bool server_failed() const;  // unreachable, not trusted, too slow, busy: another one may do better
  bool not_found() const;
  bool too_many() const;
};

struct Entry {
  std::string dn;
  std::map<std::string, std::string>
      attributes;  // the first value of each that was asked for, as text without controls
};

enum class Depth { Base, Subtree };

struct Search {
  std::string base;
  Depth depth = Depth::Subtree;
  std::string filter;
  std::vector<std::string> attributes = {};
  int most = 1;  // more entries than that: too_many()
};

class Connection {
 public:
  // `tls`: null if uses_tls() says no.
  static Result<Connection, LdapError> open(const std::string& url, const DirectoryOptions& options,
                                            const TlsContext* tls);

  // Simple bind over whatever open() made. Both empty: anonymous. A name with an empty password is never sent: it would
  // succeed without proving anything (RFC 4513 §5.1.2).
  Result<void, LdapError> bind(const std::string& dn, const std::string& password);
  Result<std::vector<Entry>, LdapError> search(const Search& search);

 private:
  struct Close {
    void operator()(struct ldap* handle) const;
  };
  Connection(struct ldap* handle, std::chrono::milliseconds timeout);
  LdapError error(int code) const;

  std::chrono::milliseconds timeout_;
  std::unique_ptr<WireDeadline> deadline_;  // outlives the handle
  std::unique_ptr<struct ldap, Close> handle_;
};

}  // namespace conclave::ldap
