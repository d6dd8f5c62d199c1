#pragma once
// Tickets: what a browser keeps as `session-id` and shows with its `machine-uid` (access.md 4.8). A ticket names a
// wallet of grants, each copied from the credential that bought it and never wider: one room, one role, an end. It is
// bound to the machine, stored as a hash, and replaced by a new value whenever a grant is added.
//
// Owned by whoever answers conference requests; one loop, not thread-safe. No clock: `now` is passed.
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "access/identity.h"
#include "access/policy.h"
#include "access/rules.h"
#include "base/random.h"
#include "base/time.h"

namespace conclave::access {

// Then a network that has more than its share loses its oldest to whoever comes from another. Where there is none,
// newcomers get no ticket: they lose the reload, nobody else loses anything.
constexpr std::size_t kMaxWallets = 20'000;
constexpr std::size_t kWalletsOfNetwork = 1'000;  // the share, which nobody can push out
constexpr std::size_t kMaxGrants = 32;            // of one wallet; then the oldest goes
constexpr std::size_t kMaxTicketBytes = 256;      // a longer value is unknown without being looked up
constexpr std::size_t kMaxMachineBytes = 256;

struct Grant {
  Identity identity;
  std::optional<RoomName> room;  // absent: every room that the account may enter
  std::optional<WallTime> until;
  bool ends_with_meeting = false;  // of `meeting`
  std::optional<RoomName> meeting;
  std::chrono::seconds slides{0};  // each use moves `until` this far from now
};

// What this identity, just admitted to `entered`, may have as a grant; nothing under RELOAD=off (accounts excepted).
std::optional<Grant> grant_for(const Identity& identity, const RoomName& entered, const Policy& policy, WallTime now);

struct TicketAnswer {
  enum class Kind {
    InScope,     // be this identity
    OutOfScope,  // be a guest, silently
    Unknown,     // answer session-invalid: unknown, expired, or from another machine, which look alike
  };
  Kind kind = Kind::Unknown;
  std::optional<Identity> identity;
};

class TicketBook {
 public:
  struct Options {
    std::size_t max_wallets = kMaxWallets;
    std::size_t of_network = kWalletsOfNetwork;
    std::size_t max_grants = kMaxGrants;
  };
  explicit TicketBook(Random& random) : TicketBook(random, Options{}) {}
  TicketBook(Random& random, Options options) : random_(random), options_(options) {}

  // The value to send from now on: `old` itself if the wallet held this grant already (it is renewed), else a new one,
  // and `old` is worthless. Nothing if the book is full, or the machine says no name. `network` (base/network.h) is
  // where a new wallet is counted.
  std::optional<std::string> grant(const std::optional<std::string>& old, std::string_view machine_uid,
                                   const std::string& network, Grant grant, WallTime now);

  // A grant that was bought under other settings counts only if the rules in force still allow it (still_good.h).
  TicketAnswer redeem(std::string_view value, std::string_view machine_uid, const RoomName& room, const Rules& rules,
                      WallTime now);

  void forget(std::string_view value);            // logout
  void forget_subject(std::string_view subject);  // an account that is locked or gone
  // The public name of the wallet that this value names now (Proof::wallet of those who act by it); "" if none.
  std::string wallet_named(std::string_view value) const;
  void end_of_meeting(const RoomName& room);
  void expire(WallTime now);  // call now and then; answers do not depend on it

  std::size_t wallets() const { return wallets_.size(); }

 private:
  struct Wallet {
    std::string id;
    std::string machine_hash;
    std::string network;
    std::uint64_t made = 0;   // the n-th
    std::list<Grant> grants;  // oldest first
  };
  using Wallets = std::unordered_map<std::string, Wallet>;  // by SHA-256 of the value

  Wallets::iterator find(std::string_view value, std::string_view machine_uid, WallTime now);
  Wallets::iterator erase(Wallets::iterator wallet);
  template <class Gone>
  void remove_grants(Gone gone);
  bool has_place_for(const std::string& network, WallTime now);

  Random& random_;
  Options options_;
  Wallets wallets_;
  std::unordered_map<std::string, std::size_t> of_networks_;  // wallets of each
  std::uint64_t made_ = 0;
};

}  // namespace conclave::access
