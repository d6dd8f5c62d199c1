#include "access/ticket.h"

#include <algorithm>

#include "access/signature.h"
#include "access/still_good.h"

namespace conclave::access {
namespace {

constexpr std::size_t kTicketDigits = 48;  // 192 bits
constexpr std::size_t kWalletDigits = 16;

bool expired(const Grant& grant, WallTime now) {
  return grant.until && now >= *grant.until;
}

bool same_scope(const Grant& a, const Grant& b) {
  return a.identity.subject == b.identity.subject && a.room == b.room && a.meeting == b.meeting;
}

bool opens(const Grant& grant, const RoomName& room) {
  return !grant.room || *grant.room == room;
}

std::optional<WallTime> earlier(std::optional<WallTime> a, WallTime b) {
  return a && *a < b ? *a : b;
}

// Who a grant stands for: the credential's identity, cut down to the grant.
Identity identity_of(const Grant& grant) {
  Identity identity = grant.identity;
  const std::optional<WallTime> from = identity.scope.from;
  if (grant.room) identity.scope = Scope::only(*grant.room);
  identity.scope.from = from;
  identity.scope.until = grant.until;
  identity.proof.via = Proof::Via::Ticket;
  identity.proof.ticket = Proof::Ticket::InScope;
  identity.proof.ends_with_meeting = grant.ends_with_meeting;
  return identity;
}

}  // namespace

std::optional<Grant> grant_for(const Identity& identity, const RoomName& entered, const Policy& policy, WallTime now) {
  Grant grant{.identity = identity, .room = entered, .until = {}, .ends_with_meeting = false, .meeting = {}};
  switch (identity.kind) {
    case IdentityKind::Service:
      return std::nullopt;
    case IdentityKind::Guest:
      if (policy.reload == Reload::Off) return std::nullopt;
      grant.ends_with_meeting = true;
      break;
    case IdentityKind::Token:
      if (policy.reload == Reload::Off) return std::nullopt;
      grant.ends_with_meeting = !identity.scope.until;
      grant.until = identity.scope.until ? earlier(identity.scope.until, now + policy.ticket_lifetime) : std::nullopt;
      break;
    case IdentityKind::Password:
    case IdentityKind::Ldap:
      if (policy.auto_login) grant.room.reset();
      grant.until = now + policy.ticket_lifetime;
      grant.slides = policy.ticket_lifetime;
      grant.ends_with_meeting = !policy.auto_login;
      break;
  }
  if (grant.ends_with_meeting) grant.meeting = entered;
  return grant;
}

TicketBook::Wallets::iterator TicketBook::find(std::string_view value, std::string_view machine_uid, WallTime now) {
  if (value.empty() || value.size() > kMaxTicketBytes || machine_uid.empty() || machine_uid.size() > kMaxMachineBytes) {
    return wallets_.end();
  }
  // Looked up by hash: how long the search takes tells nothing about any value.
  const auto found = wallets_.find(sha256(value));
  if (found == wallets_.end() || found->second.machine_hash != sha256(machine_uid)) return wallets_.end();
  found->second.grants.remove_if([&](const Grant& grant) { return expired(grant, now); });
  if (!found->second.grants.empty()) return found;
  erase(found);
  return wallets_.end();
}

TicketBook::Wallets::iterator TicketBook::erase(Wallets::iterator wallet) {
  const auto of_network = of_networks_.find(wallet->second.network);
  if (--of_network->second == 0) of_networks_.erase(of_network);
  return wallets_.erase(wallet);
}

template <class Gone>
void TicketBook::remove_grants(Gone gone) {
  for (auto wallet = wallets_.begin(); wallet != wallets_.end();) {
    wallet->second.grants.remove_if(gone);
    wallet = wallet->second.grants.empty() ? erase(wallet) : std::next(wallet);
  }
}

// A full book is looked through, which costs as much as expire() does.
bool TicketBook::has_place_for(const std::string& network, WallTime now) {
  if (wallets_.size() < options_.max_wallets) return true;
  expire(now);
  if (wallets_.size() < options_.max_wallets) return true;
  const auto most = std::ranges::max_element(of_networks_, {}, [](const auto& one) { return one.second; });
  if (most == of_networks_.end() || most->second <= options_.of_network || most->first == network) return false;
  auto oldest = wallets_.end();
  for (auto wallet = wallets_.begin(); wallet != wallets_.end(); ++wallet) {
    if (wallet->second.network != most->first) continue;
    if (oldest == wallets_.end() || wallet->second.made < oldest->second.made) oldest = wallet;
  }
  erase(oldest);
  return true;
}

std::optional<std::string> TicketBook::grant(const std::optional<std::string>& old, std::string_view machine_uid,
                                             const std::string& network, Grant grant, WallTime now) {
  if (machine_uid.empty() || machine_uid.size() > kMaxMachineBytes) return std::nullopt;
  const auto before = old ? find(*old, machine_uid, now) : wallets_.end();
  if (before != wallets_.end()) {
    auto& grants = before->second.grants;
    const auto same = std::ranges::find_if(grants, [&](const Grant& held) { return same_scope(held, grant); });
    if (same != grants.end()) {
      *same = std::move(grant);
      return *old;
    }
  } else if (!has_place_for(network, now)) {
    return std::nullopt;
  }

  Wallet wallet{.id = random_.hex(kWalletDigits),
                .machine_hash = sha256(machine_uid),
                .network = network,
                .made = ++made_,
                .grants = {}};
  if (before != wallets_.end()) {
    wallet = before->second;
    erase(before);
  }
  wallet.grants.push_back(std::move(grant));
  while (wallet.grants.size() > options_.max_grants) wallet.grants.pop_front();
  std::string value = random_.hex(kTicketDigits);
  ++of_networks_[wallet.network];
  wallets_.insert_or_assign(sha256(value), std::move(wallet));
  return value;
}

TicketAnswer TicketBook::redeem(std::string_view value, std::string_view machine_uid, const RoomName& room,
                                const Rules& rules, WallTime now) {
  const auto found = find(value, machine_uid, now);
  if (found == wallets_.end()) return {};
  auto& grants = found->second.grants;
  // The youngest grant that opens the room, but never a guest's while a credential's is there.
  Grant* best = nullptr;
  for (Grant& grant : grants) {
    if (!opens(grant, room) || !is_still_good(grant, room, rules, now)) continue;
    if (best != nullptr && best->identity.authenticated() && !grant.identity.authenticated()) continue;
    best = &grant;
  }
  if (best == nullptr) return {TicketAnswer::Kind::OutOfScope, std::nullopt};
  if (best->slides.count() > 0) {
    best->slides = std::min(best->slides, rules.policies.for_room(room).ticket_lifetime);
    best->until = now + best->slides;
  }
  TicketAnswer answer{TicketAnswer::Kind::InScope, identity_of(*best)};
  answer.identity->proof.wallet = found->second.id;
  return answer;
}

void TicketBook::forget(std::string_view value) {
  if (value.size() > kMaxTicketBytes) return;
  if (const auto found = wallets_.find(sha256(value)); found != wallets_.end()) erase(found);
}

void TicketBook::forget_subject(std::string_view subject) {
  remove_grants([&](const Grant& grant) { return grant.identity.subject == subject; });
}

std::string TicketBook::wallet_named(std::string_view value) const {
  if (value.size() > kMaxTicketBytes) return {};
  const auto found = wallets_.find(sha256(value));
  return found == wallets_.end() ? std::string() : found->second.id;
}

void TicketBook::end_of_meeting(const RoomName& room) {
  remove_grants([&](const Grant& grant) { return grant.ends_with_meeting && grant.meeting == room; });
}

void TicketBook::expire(WallTime now) {
  remove_grants([&](const Grant& grant) { return expired(grant, now); });
}

}  // namespace conclave::access
