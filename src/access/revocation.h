#pragma once
// Credentials that the operator has taken back (access.md 4.8): a list that every use of a credential is held against.
// A value without a clock; whoever changes it makes another, so that one list may be shared by all loops. It holds
// names and hashes, never a credential.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/identity.h"
#include "base/time.h"

namespace conclave::access {

constexpr std::size_t kMaxRevocations = 10'000;
constexpr std::size_t kMaxRevokedBytes = 1'024;  // of one name or hash
constexpr std::size_t kMaxRevocationNoteBytes = 256;

struct Revocation {
  enum class Kind : std::uint8_t {
    TokenId,    // jti
    TokenHash,  // SHA-256 of the token, hex in lower case
    Subject,    // Identity::subject
    Account,    // name of a local account, or DN of a directory entry
    KeyId,      // kid: everything that was signed with that key
    Wallet,     // what a ticket names, Proof::wallet; also a guest's
    Giver,      // Identity::subject of whoever gave personal links: these, and not what he is himself
  };

  Kind kind = Kind::TokenId;
  std::string value;
  std::string issuer = {};                     // TokenId, KeyId: of that issuer only; "" of any
  std::optional<WallTime> issued_before = {};  // credentials, or links, issued later are good
  std::optional<WallTime> until = {};          // by then the credential has expired anyway; absent: for ever
  WallTime made = {};
  std::string note = {};  // the operator's own words

  // Stable; the same for the same credential, whatever else is said about it.
  std::string id() const;
  // Also a personal link whose giver it covers.
  bool covers(const Identity& identity) const;
};
std::string_view revocation_kind_text(Revocation::Kind kind);
std::optional<Revocation::Kind> revocation_kind_named(std::string_view text);

class RevocationList {
 public:
  // The revocation that covers this identity, or null. Of a guest only the ticket that he acts by can be revoked. A few
  // look-ups by hash, whatever the length of the list.
  const Revocation* find(const Identity& identity) const;

  // False if the list is full; one of the same id is replaced.
  bool add(Revocation revocation);
  bool remove(std::string_view id);
  void expire(WallTime now);

  std::size_t size() const { return size_; }
  std::vector<Revocation> all() const;  // oldest first

 private:
  const Revocation* find(Revocation::Kind kind, const std::string& value, const Identity& identity) const;

  const Revocation* find_giver(const Identity& identity) const;
  const Revocation* find_own(const Identity& identity) const;
  void index_giver(const Revocation& revocation);

  template <class Predicate>
  void remove_if(Predicate gone);

  // By kind and value: two revocations of one value differ in the issuer.
  std::unordered_map<std::string, std::vector<Revocation>> by_value_;
  // Keys of by_value_, by the names that links have for the subjects there.
  std::unordered_multimap<std::string, std::string> by_giver_;
  std::size_t size_ = 0;
};

using SharedRevocations = std::shared_ptr<const RevocationList>;

}  // namespace conclave::access
