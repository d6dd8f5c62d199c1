#include "ldap/lookup.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/log.h"
#include "ldap/connection.h"
#include "ldap/dn.h"
#include "ldap/placeholders.h"

namespace conclave::ldap {
namespace {

using access::ClaimedRole;
using access::Identity;
using sasl::PasswordFailure;

constexpr const char* kUserId = "uid";  // RFC 4519 §2.39; what memberUid of a group names
constexpr std::size_t kMaxUserBytes = 255;
constexpr std::size_t kMaxPasswordBytes = 1024;

// What stops a login at one server: another server may be tried, or the answer stands.
struct Stop {
  bool try_another = false;
  PasswordFailure failure = PasswordFailure::Unavailable;
};

struct Role {
  ClaimedRole role = ClaimedRole::Unsaid;
  std::string said_by;
};

Stop stopped_by(const LdapError& error, const std::string& url, std::string_view step) {
  log::warning("directory failed", {{"url", url}, {"step", step}, {"why", error.text}});
  return {.try_another = error.server_failed(), .failure = PasswordFailure::Unavailable};
}

// The journey at one server.
class Visit {
 public:
  Visit(const Place& place, std::size_t server, const Attempt& attempt)
      : options_(place.options),
        tls_(place.tls ? &*place.tls : nullptr),
        url_(place.options.urls[server]),
        attempt_(attempt) {}

  Result<Identity, Stop> log_in() {
    return run([this](Connection& connection) {
      return options_.method == Method::FastBind ? bind_at_once(connection) : search_and_bind(connection);
    });
  }

  Result<Identity, Stop> look_at() {
    return run([this](Connection& connection) -> Result<Entry, Stop> {
      if (const auto stop = bind_to_search(connection)) return failure(*stop);
      if (options_.method == Method::SearchAndBind) return search(connection);
      const auto found = connection.search({.base = expand_dn(options_.filter, insertions()),
                                            .depth = Depth::Base,
                                            .filter = "(objectClass=*)",
                                            .attributes = wanted_attributes()});
      if (!found && found.error().server_failed()) return failure(stopped_by(found.error(), url_, "read"));
      if (!found || found->empty()) return failure(Stop{.failure = PasswordFailure::Wrong});
      return found->front();
    });
  }

 private:
  template <class FindEntry>
  Result<Identity, Stop> run(FindEntry find_entry) {
    auto opened = Connection::open(url_, options_, tls_);
    if (!opened) return failure(stopped_by(opened.error(), url_, "connect"));
    Connection connection = std::move(*opened);
    const auto entry = find_entry(connection);
    if (!entry) return failure(entry.error());
    const auto dn = normalised_dn(entry->dn);
    if (!dn || dn->empty()) return failure(Stop{.failure = PasswordFailure::Wrong});
    const auto role = role_of(connection, *dn, value_of(*entry, kUserId));
    if (!role) return failure(role.error());
    return identity(*entry, *dn, *role);
  }

  Result<Entry, Stop> search_and_bind(Connection& connection) {
    if (const auto stop = bind_to_search(connection)) return failure(*stop);
    auto entry = search(connection);
    if (!entry) return entry;
    if (const auto stop = bind_as_user(connection, entry->dn)) return failure(*stop);
    // Groups are read as whoever may search, not as the user.
    if (says_roles()) {
      if (const auto stop = bind_to_search(connection)) return failure(*stop);
    }
    return entry;
  }

  Result<Entry, Stop> search(Connection& connection) {
    const auto found = connection.search({.base = options_.base,
                                          .filter = with_brackets(expand_filter(options_.filter, insertions())),
                                          .attributes = wanted_attributes()});
    if (!found && found.error().too_many()) {
      log::warning("directory finds several people under one name", {{"user", attempt_.user}});
      return failure(Stop{.failure = PasswordFailure::Wrong});
    }
    if (!found) return failure(stopped_by(found.error(), url_, "search"));
    if (found->empty()) return failure(Stop{.failure = PasswordFailure::Wrong});
    // An entry without a name would make the next bind anonymous.
    if (found->front().dn.empty()) return failure(Stop{.failure = PasswordFailure::Wrong});
    return found->front();
  }

  Result<Entry, Stop> bind_at_once(Connection& connection) {
    const std::string dn = expand_dn(options_.filter, insertions());
    if (const auto stop = bind_as_user(connection, dn)) return failure(*stop);
    // The entry says how its name is really written. Who may not read himself goes by the name that he was let in with.
    const auto own = connection.search(
        {.base = dn, .depth = Depth::Base, .filter = "(objectClass=*)", .attributes = wanted_attributes()});
    if (!own && own.error().server_failed()) return failure(stopped_by(own.error(), url_, "read"));
    if (own && !own->empty()) return own->front();
    return Entry{.dn = dn, .attributes = {}};
  }

  std::optional<Stop> bind_to_search(Connection& connection) const {
    const auto bound = connection.bind(options_.bind_dn, options_.bind_password);
    if (bound) return std::nullopt;
    return stopped_by(bound.error(), url_, options_.bind_dn.empty() ? "anonymous bind" : "bind of LDAP_BINDDN");
  }

  std::optional<Stop> bind_as_user(Connection& connection, const std::string& dn) const {
    const auto bound = connection.bind(dn, attempt_.password);
    if (bound) return std::nullopt;
    if (bound.error().server_failed()) return stopped_by(bound.error(), url_, "bind of the user");
    // Wrong password, locked, expired, a referral to somewhere else: whatever it is, it proved nothing.
    return Stop{.failure = PasswordFailure::Wrong};
  }

  bool says_roles() const { return !options_.host_group.empty() || !options_.moderator_filter.empty(); }

  Result<Role, Stop> role_of(Connection& connection, const std::string& dn, const std::string& user_id) {
    if (!says_roles()) return Role{};
    const auto in_group = is_in_group(connection, dn, user_id);
    if (!in_group) return failure(in_group.error());
    if (*in_group) return Role{ClaimedRole::Moderator, "group " + options_.host_group};
    const auto fits = fits_moderator_filter(connection, dn);
    if (!fits) return failure(fits.error());
    if (*fits) return Role{ClaimedRole::Moderator, "CONCLAVE_LDAP_MODERATOR_FILTER"};
    return Role{ClaimedRole::Participant, "directory groups"};
  }

  // Either end of the relation may hold it (RFC 4519 member and uniqueMember, RFC 2307 memberUid, the memberOf that
  // Active Directory and OpenLDAP's overlay maintain). memberUid is compared with what the entry says: what was typed
  // may be an attribute that people write themselves. An entry that shows no uid is in no group by it.
  Result<bool, Stop> is_in_group(Connection& connection, const std::string& dn, const std::string& user_id) {
    if (options_.host_group.empty()) return false;
    const std::string member = filter_value(dn);
    const std::string by_user_id = user_id.empty() ? "" : "(memberUid=" + filter_value(user_id) + ")";
    const auto by_group =
        finds(connection, {.base = options_.host_group,
                           .depth = Depth::Base,
                           .filter = "(|(member=" + member + ")(uniqueMember=" + member + ")" + by_user_id + ")"});
    if (!by_group || *by_group) return by_group;
    return finds(connection,
                 {.base = dn, .depth = Depth::Base, .filter = "(memberOf=" + filter_value(options_.host_group) + ")"});
  }

  Result<bool, Stop> fits_moderator_filter(Connection& connection, const std::string& dn) {
    const std::string& pattern = options_.moderator_filter;
    if (pattern.empty()) return false;
    const bool about_groups = uses_placeholder(pattern, 'D');
    return finds(connection, {.base = about_groups ? options_.base : dn,
                              .depth = about_groups ? Depth::Subtree : Depth::Base,
                              .filter = with_brackets(expand_filter(pattern, insertions(dn)))});
  }

  Result<bool, Stop> finds(Connection& connection, const Search& search) const {
    const auto found = connection.search(search);
    if (found) return !found->empty();
    if (found.error().too_many()) return true;
    if (found.error().not_found()) return false;
    // A role that could not be looked up is not "no role": the person may try again.
    return failure(stopped_by(found.error(), url_, "groups"));
  }

  Insertions insertions(std::string_view dn = {}) const {
    return {.user = attempt_.user, .realm = options_.realm, .dn = dn};
  }

  std::vector<std::string> wanted_attributes() const {
    std::vector<std::string> names = options_.name_attributes;
    if (!options_.mail_attribute.empty()) names.push_back(options_.mail_attribute);
    if (!options_.host_group.empty()) names.emplace_back(kUserId);
    return names;
  }

  static std::string value_of(const Entry& entry, const std::string& name) {
    const auto found = entry.attributes.find(name);
    return found == entry.attributes.end() ? std::string() : found->second;
  }

  Identity identity(const Entry& entry, const std::string& dn, const Role& role) const {
    const auto value = [&](const std::string& name) { return value_of(entry, name); };
    Identity who;
    who.kind = access::IdentityKind::Ldap;
    who.subject = "ldap:" + dn;
    who.claimed_role = role.role;
    for (const std::string& name : options_.name_attributes) {
      if (who.display.name.empty()) who.display.name = value(name);
    }
    who.display.email = value(options_.mail_attribute);
    who.display.verified = !who.display.name.empty();
    who.proof.via = access::Proof::Via::Sasl;
    who.proof.issuer = "ldap";
    who.proof.role_claim = role.said_by;
    return who;
  }

  const DirectoryOptions& options_;
  const TlsContext* tls_;  // null: not spoken
  const std::string& url_;
  const Attempt& attempt_;
};

// At one server after the other, until one has answered.
template <class At>
Found at_servers(const std::vector<std::size_t>& servers, At at) {
  Found found{.result = failure(PasswordFailure::Unavailable), .failed = {}};
  for (const std::size_t server : servers) {
    auto answer = at(server);
    if (answer) {
      found.result = *std::move(answer);
      return found;
    }
    if (!answer.error().try_another) {
      found.result = failure(answer.error().failure);
      return found;
    }
    found.failed.push_back(server);
  }
  return found;
}

}  // namespace

bool is_worth_asking(std::string_view user) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  return !user.empty() && user.size() <= kMaxUserBytes && std::ranges::none_of(user, is_control);
}

bool is_worth_asking(std::string_view user, std::string_view password) {
  // An empty password would be an unauthenticated bind (RFC 4513 §5.1.2), which many servers let succeed.
  return is_worth_asking(user) && !password.empty() && password.size() <= kMaxPasswordBytes &&
         password.find('\0') == std::string_view::npos;
}

Found look_up(const Place& place, const Attempt& attempt) {
  if (!is_worth_asking(attempt.user, attempt.password))
    return {.result = failure(PasswordFailure::Wrong), .failed = {}};
  return at_servers(attempt.servers, [&](std::size_t server) { return Visit(place, server, attempt).log_in(); });
}

Found look_at(const Place& place, const Attempt& attempt) {
  if (!is_worth_asking(attempt.user)) return {.result = failure(PasswordFailure::Wrong), .failed = {}};
  return at_servers(attempt.servers, [&](std::size_t server) { return Visit(place, server, attempt).look_at(); });
}

}  // namespace conclave::ldap
