#pragma once
// Whose datagram is this? STUN requests are told apart by ufrag, everything else by the address it comes from, once a check with right
// credentials has come from there (media.md 8: one browser may come from several addresses). Lives on the SFU's loop.
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/address.h"
#include "base/byte_reader.h"

namespace conclave::sfu {

class Endpoint;
struct Context;

class Ingress {
 public:
  void add(std::string_view ufrag, Endpoint& endpoint);
  void remove(std::string_view ufrag);
  // An address belongs to who proved last that it is there: a browser may come back from the same one.
  void learn(const Address& address, Endpoint& endpoint) { learnt_[address] = &endpoint; }
  void forget(const Address& address, const Endpoint& endpoint);
  // A check of ours goes to `address`: its answer is for `endpoint`. Gives access to nothing but the ICE agent.
  void expect(const Address& address, Endpoint& endpoint) { expected_.try_emplace(address, &endpoint); }
  void forget_expected(const Address& address, const Endpoint& endpoint);

  Endpoint* by_ufrag(std::string_view ufrag) const;
  Endpoint* by_address(const Address& address) const;
  Endpoint* by_expected_address(const Address& address) const;
  std::size_t addresses() const { return learnt_.size(); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, Endpoint*, TextHash, std::equal_to<>> ufrags_;
  std::unordered_map<Address, Endpoint*> learnt_;    // at most ice::kMaxRemoteCandidates for each endpoint
  std::unordered_map<Address, Endpoint*> expected_;  // likewise
};

// One received datagram: to the endpoint's ICE, DTLS or media path. Garbage is counted.
// `over_tcp`: where the peer's end of the connection that `from` names is.
void route(Context& context, const Address& from, MutableBytes datagram, const Address* over_tcp = nullptr);

}  // namespace conclave::sfu
