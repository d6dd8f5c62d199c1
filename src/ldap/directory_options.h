#pragma once
// What the operator says about the directory; ops/ldap_settings fills it. A value; any thread.
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace conclave::ldap {

enum class Method {
  SearchAndBind,  // find the user's entry by the filter, then bind as it
  FastBind,       // bind as the DN that the filter spells at once
};

struct TlsOptions {
  bool start_tls = false;    // on ldap:// URLs; a server that will not is not talked to
  bool verify = true;        // the chain and the host name
  std::string ca_file = {};  // both empty: the system's
  std::string ca_directory = {};
  std::string ciphers = {};  // in the spelling of libldap's TLS library; empty: TLS 1.2 and later, its defaults
};

struct DirectoryOptions {
  std::vector<std::string> urls;  // ldap:// or ldaps://, tried in this order
  std::string base = {};
  std::string bind_dn = {};  // for searches; empty: anonymous
  std::string bind_password = {};
  std::string filter = "(uid=%u)";  // FastBind: a DN with placeholders
  Method method = Method::SearchAndBind;
  std::string realm = {};  // %r, and %d of a name without @
  TlsOptions tls = {};

  // Hosts. Neither: the directory says nothing of roles.
  std::string host_group = {};  // a DN: memberOf of the user, or member, uniqueMember, memberUid of the group
  std::string moderator_filter =
      {};  // with %D a search below `base` that must find something; else the user's own entry

  std::vector<std::string> name_attributes = {"displayName", "cn"};  // the first that has a value
  std::string mail_attribute = "mail";

  std::chrono::milliseconds timeout{5000};        // to connect, and again for each operation
  std::chrono::milliseconds remember_down{5000};  // a server that failed is not asked again for so long
  std::chrono::seconds cache{60};                 // how long a success holds; 0: none is kept
  unsigned threads = 4;
  std::size_t max_queue = 64;     // logins that wait for a thread; more are told "unavailable" at once
  std::size_t max_cached = 1024;  // successes
};

// Whether any of the servers is spoken to over TLS.
bool uses_tls(const DirectoryOptions& options);

}  // namespace conclave::ldap
