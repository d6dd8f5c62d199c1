#pragma once
// The one canonical form of a room's name (access.md 4.9): URL, query, JID, claim, tenant and policy pattern are all
// turned into a RoomName first and compared only as such. Pure; any thread.
#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace conclave::access {

// Limits of the canonical form. Percent-encoded and with its tenant a name still fits a JID's local part (RFC 7622
// §3.3: 1023 bytes).
constexpr std::size_t kMaxRoomNameBytes = 256;
constexpr std::size_t kMaxTenantBytes = 64;

enum class NameError {
  Empty,
  Encoding,   // not UTF-8, or a broken percent escape
  Forbidden,  // control, bidi, default-ignorable or unassigned character, or one of / \ [ ] % @ : < > " & ' ? #
  TooLong,
  Reserved,  // the server's own: focus, lobby., health checks, names of its HTTP paths
};
std::string_view name_error_slug(NameError error);
std::string_view name_error_sentence(NameError error);

// A value of this type is canonical: it can only be made by the functions below.
class RoomName {
 public:
  const std::string& tenant() const { return tenant_; }  // "" for rooms outside any tenant
  const std::string& name() const { return name_; }      // lower-case NFKC, not encoded

  // A breakout room has the tenant and name of its meeting, whose rules, scope and loop are its own
  // (signalling.md 6.4).
  const std::string& breakout_id() const { return breakout_id_; }  // "" for a main room
  bool is_breakout() const { return !breakout_id_.empty(); }
  RoomName main() const { return {tenant_, name_}; }
  // `id` must not be empty, and be fit for a JID's local part as it stands.
  RoomName breakout(std::string id) const;

  std::string key() const;   // "[tenant]name" or "name", "name#id": for logs, maps, the admin API
  std::string node() const;  // the same, percent-encoded as the stock client does, in lower case: the JID's local part;
                             // of a breakout room its id
  std::string path() const;  // "tenant/name" or "name", percent-encoded: what stands in a link after the host

  friend auto operator<=>(const RoomName&, const RoomName&) = default;

 private:
  RoomName(std::string tenant, std::string name) : tenant_(std::move(tenant)), name_(std::move(name)) {}
  friend Result<RoomName, NameError> canonical_room(std::string_view, std::string_view);

  std::string tenant_;
  std::string name_;
  std::string breakout_id_ = {};
};

// From the text of a URL, a query or a claim: percent-decoded once, NFKC, lower case (full Unicode).
Result<RoomName, NameError> canonical_room(std::string_view text, std::string_view tenant = {});

// From the local part of a room's address: "name" or "[tenant]name"; `tenant` is the one that the address' domain
// names, if any. Both at once are refused, so that an address cannot name two tenants.
Result<RoomName, NameError> room_from_node(std::string_view node, std::string_view tenant = {});

// As in a link, after the host: "name", "tenant/name", with or without a slash before it; or as lists show it,
// "[tenant]name". `tenant` is the one that was said apart from it; another than that of the link is refused.
Result<RoomName, NameError> room_in_link(std::string_view text, std::string_view tenant = {});

// The canonical form of one part, without the rule for reserved names. Used for tenants and for policy patterns.
Result<std::string, NameError> canonical_part(std::string_view text, std::size_t max_bytes);
// A tenant as rooms have it. It is one label in the address of its rooms (conference.acme_one.…): dots are underscores,
// as stock clients write them.
Result<std::string, NameError> canonical_tenant(std::string_view text);

}  // namespace conclave::access

template <>
struct std::hash<conclave::access::RoomName> {
  std::size_t operator()(const conclave::access::RoomName& room) const noexcept {
    return std::hash<std::string>{}(room.name()) * 31 + std::hash<std::string>{}(room.tenant());
  }
};
