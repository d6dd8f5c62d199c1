#include "access/revocation.h"

#include <algorithm>
#include <utility>

#include "access/digest.h"

namespace conclave::access {
namespace {

using Kind = Revocation::Kind;

constexpr std::pair<Kind, std::string_view> kKinds[] = {
    {Kind::TokenId, "jti"},  {Kind::TokenHash, "token_hash"}, {Kind::Subject, "subject"}, {Kind::Account, "account"},
    {Kind::KeyId, "key_id"}, {Kind::Wallet, "ticket"},        {Kind::Giver, "giver"}};
constexpr std::size_t kIdDigits = 20;

std::string key(Kind kind, std::string_view value) {
  return std::string(revocation_kind_text(kind)) + ":" + std::string(value);
}

// "account:alice" → "alice", "ldap:uid=…" → the entry's name.
std::string account_of(const Identity& identity) {
  const bool has_account = identity.kind == IdentityKind::Password || identity.kind == IdentityKind::Ldap;
  const std::size_t colon = identity.subject.find(':');
  return has_account && colon != std::string::npos ? identity.subject.substr(colon + 1) : std::string();
}

const std::string& named_by(Kind kind, const Identity& identity) {
  static const std::string kNothing;
  if (!identity.authenticated() && kind != Kind::Wallet) return kNothing;
  switch (kind) {
    case Kind::Giver:
      return kNothing;
    case Kind::TokenId:
      return identity.proof.jti;
    case Kind::TokenHash:
      return identity.proof.token_hash;
    case Kind::KeyId:
      return identity.proof.key_id;
    case Kind::Wallet:
      return identity.proof.wallet;
    case Kind::Subject:
    case Kind::Account:
      break;
  }
  return identity.subject;
}

// The subjects that a revocation may be about, as links name them.
std::vector<std::string> giver_names(const Revocation& revocation) {
  if (revocation.kind == Kind::Subject || revocation.kind == Kind::Giver) return {giver_name(revocation.value)};
  if (revocation.kind == Kind::Account) {
    return {giver_name("account:" + revocation.value), giver_name("ldap:" + revocation.value)};
  }
  return {};
}

// Whoever gave the link, as far as the link knows his credential; as old as the link.
Identity giver_as_known(const Identity& link) {
  const Giver& giver = *link.proof.giver;
  Identity identity;
  identity.kind = IdentityKind::Token;
  identity.proof = {.issuer = giver.issuer,
                    .key_id = giver.key_id,
                    .jti = giver.jti,
                    .token_hash = giver.token_hash,
                    .issued_at = link.proof.issued_at,
                    .wallet = giver.wallet};
  return identity;
}

}  // namespace

std::string_view revocation_kind_text(Kind kind) {
  return std::ranges::find(kKinds, kind, &std::pair<Kind, std::string_view>::first)->second;
}

std::optional<Kind> revocation_kind_named(std::string_view text) {
  const auto* found = std::ranges::find(kKinds, text, &std::pair<Kind, std::string_view>::second);
  return found == std::end(kKinds) ? std::nullopt : std::optional(found->first);
}

std::string Revocation::id() const {
  return sha256_hex(key(kind, value) + "\n" + issuer).substr(0, kIdDigits);
}

bool Revocation::covers(const Identity& identity) const {
  // What does not say when it was issued may be as old as any.
  const bool old_enough = !issued_before || !identity.proof.issued_at || *identity.proof.issued_at < *issued_before;
  if (identity.proof.giver) {
    if (kind == Kind::Giver) return old_enough && identity.proof.giver->subject_hash == giver_name(value);
    Identity giver = giver_as_known(identity);
    const std::string& hash = identity.proof.giver->subject_hash;
    if (std::ranges::count(giver_names(*this), hash) > 0) {
      giver.subject = value;
      if (kind == Kind::Account) giver.subject = "account:" + value, giver.kind = IdentityKind::Password;
    }
    if (covers(giver)) return true;
  }
  const std::string name = kind == Kind::Account ? account_of(identity) : named_by(kind, identity);
  if (name.empty() || name != value) return false;
  return old_enough && (issuer.empty() || issuer == identity.proof.issuer);
}

const Revocation* RevocationList::find(Kind kind, const std::string& value, const Identity& identity) const {
  if (value.empty()) return nullptr;
  const auto found = by_value_.find(key(kind, value));
  if (found == by_value_.end()) return nullptr;
  const auto one = std::ranges::find_if(found->second, [&](const Revocation& each) { return each.covers(identity); });
  return one == found->second.end() ? nullptr : &*one;
}

const Revocation* RevocationList::find(const Identity& identity) const {
  if (size_ == 0) return nullptr;
  if (const auto* own = find_own(identity)) return own;
  return identity.proof.giver ? find_giver(identity) : nullptr;
}

const Revocation* RevocationList::find_own(const Identity& identity) const {
  for (const auto& [kind, text] : kKinds) {
    const std::string& name = named_by(kind, identity);
    if (const auto* one = find(kind, kind == Kind::Account ? account_of(identity) : name, identity)) return one;
  }
  return nullptr;
}

const Revocation* RevocationList::find_giver(const Identity& identity) const {
  const auto [begin, end] = by_giver_.equal_range(identity.proof.giver->subject_hash);
  for (auto named = begin; named != end; ++named) {
    for (const Revocation& one : by_value_.at(named->second)) {
      if (one.covers(identity)) return &one;
    }
  }
  return find_own(giver_as_known(identity));
}

void RevocationList::index_giver(const Revocation& revocation) {
  for (std::string& name : giver_names(revocation)) {
    by_giver_.emplace(std::move(name), key(revocation.kind, revocation.value));
  }
}

bool RevocationList::add(Revocation revocation) {
  auto& same_value = by_value_[key(revocation.kind, revocation.value)];
  const auto known = std::ranges::find(same_value, revocation.issuer, &Revocation::issuer);
  if (known != same_value.end()) {
    *known = std::move(revocation);
    return true;
  }
  if (size_ >= kMaxRevocations) {
    if (same_value.empty()) by_value_.erase(key(revocation.kind, revocation.value));
    return false;
  }
  index_giver(revocation);
  same_value.push_back(std::move(revocation));
  ++size_;
  return true;
}

template <class Predicate>
void RevocationList::remove_if(Predicate gone) {
  for (auto entry = by_value_.begin(); entry != by_value_.end();) {
    size_ -= std::erase_if(entry->second, gone);
    entry = entry->second.empty() ? by_value_.erase(entry) : std::next(entry);
  }
  std::erase_if(by_giver_, [this](const auto& named) { return !by_value_.contains(named.second); });
}

bool RevocationList::remove(std::string_view id) {
  const std::size_t before = size_;
  remove_if([&](const Revocation& one) { return one.id() == id; });
  return size_ != before;
}

void RevocationList::expire(WallTime now) {
  remove_if([&](const Revocation& one) { return one.until && now >= *one.until; });
}

std::vector<Revocation> RevocationList::all() const {
  std::vector<Revocation> list;
  list.reserve(size_);
  for (const auto& [name, same_value] : by_value_) list.insert(list.end(), same_value.begin(), same_value.end());
  std::ranges::sort(list, {}, [](const Revocation& one) { return std::pair(one.made, one.id()); });
  return list;
}

}  // namespace conclave::access
