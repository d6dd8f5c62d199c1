#include "ldap/connection.h"

#include <ldap.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace conclave::ldap {
namespace {

constexpr std::size_t kMaxValueBytes = 512;

struct MessageFree {
  void operator()(LDAPMessage* message) const { ldap_msgfree(message); }
};
using MessagePtr = std::unique_ptr<LDAPMessage, MessageFree>;

timeval as_timeval(std::chrono::milliseconds time) {
  return {.tv_sec = static_cast<time_t>(time.count() / 1000),
          .tv_usec = static_cast<suseconds_t>(time.count() % 1000 * 1000)};
}

// A directory's text goes into presence and JSON: valid UTF-8, no control characters, bounded.
std::string clean(const berval& value) {
  const auto length = static_cast<std::int32_t>(std::min<std::size_t>(value.bv_len, kMaxValueBytes));
  const auto all = icu::UnicodeString::fromUTF8(icu::StringPiece(value.bv_val, length));
  icu::UnicodeString kept;
  for (std::int32_t i = 0; i < all.length(); i = all.moveIndex32(i, 1)) {
    const UChar32 c = all.char32At(i);
    constexpr UChar32 kReplaced = 0xfffd;  // what fromUTF8 makes of bytes that are no character
    if (!u_iscntrl(c) && c != kReplaced) kept.append(c);
  }
  std::string text;
  kept.toUTF8String(text);
  return text;
}

bool set(LDAP* handle, int option, int value) {
  return ldap_set_option(handle, option, &value) == LDAP_OPT_SUCCESS;
}

bool set_manners(LDAP* handle, std::chrono::milliseconds timeout) {
  const timeval time = as_timeval(timeout);
  bool good = set(handle, LDAP_OPT_PROTOCOL_VERSION, LDAP_VERSION3);
  good &= ldap_set_option(handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF) == LDAP_OPT_SUCCESS;
  good &= ldap_set_option(handle, LDAP_OPT_RESTART, LDAP_OPT_ON) == LDAP_OPT_SUCCESS;
  good &= set(handle, LDAP_OPT_DEREF, LDAP_DEREF_NEVER);
  good &= ldap_set_option(handle, LDAP_OPT_NETWORK_TIMEOUT, &time) == LDAP_OPT_SUCCESS;
  good &= ldap_set_option(handle, LDAP_OPT_TIMEOUT, &time) == LDAP_OPT_SUCCESS;
  return good;
}

std::map<std::string, std::string> attributes_of(LDAP* handle, LDAPMessage* entry,
                                                 const std::vector<std::string>& wanted) {
  std::map<std::string, std::string> found;
  for (const std::string& name : wanted) {
    berval** values = ldap_get_values_len(handle, entry, name.c_str());
    if (values != nullptr && values[0] != nullptr) found[name] = clean(*values[0]);
    ldap_value_free_len(values);
  }
  return found;
}

}  // namespace

bool LdapError::server_failed() const {
  const bool ours = code == LDAP_FILTER_ERROR || code == LDAP_PARAM_ERROR || code == LDAP_ENCODING_ERROR;
  return (code < 0 && !ours) || code == LDAP_BUSY || code == LDAP_UNAVAILABLE;
}

bool LdapError::not_found() const {
  return code == LDAP_NO_SUCH_OBJECT;
}

bool LdapError::too_many() const {
  return code == LDAP_SIZELIMIT_EXCEEDED;
}

void Connection::Close::operator()(struct ldap* handle) const {
  ldap_unbind_ext_s(handle, nullptr, nullptr);
}

Connection::Connection(struct ldap* handle, std::chrono::milliseconds timeout)
    : timeout_(timeout), deadline_(std::make_unique<WireDeadline>()), handle_(handle) {}

LdapError Connection::error(int code) const {
  std::string text = ldap_err2string(code);
  char* detail = nullptr;
  ldap_get_option(handle_.get(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &detail);
  if (detail != nullptr && *detail != '\0') text += ": " + clean({std::char_traits<char>::length(detail), detail});
  ldap_memfree(detail);
  return {.code = code, .text = text};
}

Result<Connection, LdapError> Connection::open(const std::string& url, const DirectoryOptions& options,
                                               const TlsContext* tls) {
  LDAP* handle = nullptr;
  if (const int code = ldap_initialize(&handle, url.c_str()); code != LDAP_SUCCESS)
    return failure(LdapError{code, ldap_err2string(code)});
  Connection connection(handle, options.timeout);
  if (!set_manners(handle, options.timeout) || (tls != nullptr && !tls->use_for(handle)) ||
      !connection.deadline_->attach(handle))
    return failure(LdapError{LDAP_LOCAL_ERROR, "an option was not accepted"});
  if (options.tls.start_tls) {
    connection.deadline_->set(options.timeout);
    // Whatever the server answers, it gets nothing more unless TLS stands. Its code is of no interest: a refusal is as
    // good as a failure.
    if (const int code = ldap_start_tls_s(handle, nullptr, nullptr); code != LDAP_SUCCESS)
      return failure(LdapError{LDAP_CONNECT_ERROR, "STARTTLS: " + connection.error(code).text});
  }
  return connection;
}

Result<void, LdapError> Connection::bind(const std::string& dn, const std::string& password) {
  if (password.empty() && !dn.empty())
    return failure(LdapError{LDAP_INAPPROPRIATE_AUTH, "a name without a password proves nothing"});
  deadline_->set(timeout_);
  std::string copy = password;  // the struct wants it mutable
  berval credential{copy.size(), copy.data()};
  const int code =
      ldap_sasl_bind_s(handle_.get(), dn.c_str(), LDAP_SASL_SIMPLE, &credential, nullptr, nullptr, nullptr);
  if (code != LDAP_SUCCESS) return failure(error(code));
  return {};
}

Result<std::vector<Entry>, LdapError> Connection::search(const Search& search) {
  std::vector<char*> names;
  for (const std::string& name : search.attributes) names.push_back(const_cast<char*>(name.c_str()));
  std::string none = LDAP_NO_ATTRS;
  if (names.empty()) names.push_back(none.data());
  names.push_back(nullptr);
  deadline_->set(timeout_);
  LDAPMessage* raw = nullptr;
  const int depth = search.depth == Depth::Base ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE;
  const int code = ldap_search_ext_s(handle_.get(), search.base.c_str(), depth, search.filter.c_str(), names.data(), 0,
                                     nullptr, nullptr, nullptr, search.most, &raw);
  const MessagePtr message(raw);
  if (code != LDAP_SUCCESS) return failure(error(code));
  std::vector<Entry> entries;
  for (LDAPMessage* one = ldap_first_entry(handle_.get(), raw); one != nullptr;
       one = ldap_next_entry(handle_.get(), one)) {
    char* dn = ldap_get_dn(handle_.get(), one);
    entries.push_back(
        {.dn = dn != nullptr ? dn : "", .attributes = attributes_of(handle_.get(), one, search.attributes)});
    ldap_memfree(dn);
  }
  // A server need not count.
  if (entries.size() > static_cast<std::size_t>(search.most))
    return failure(LdapError{LDAP_SIZELIMIT_EXCEEDED, "more entries than expected"});
  return entries;
}

}  // namespace conclave::ldap
