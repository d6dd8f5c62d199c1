#pragma once
// The rights of access.md 4.4, one by one. Checked where the act is done, through decide_act(). Values; any thread.
#include <bitset>
#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace conclave::access {

enum class Capability {
  Start,
  Join,
  SkipPassword,
  SkipLobby,
  Admit,
  Deny,
  Kick,
  Bar,
  Mute,
  AvModeration,
  Grant,
  Revoke,
  SetPassword,
  SetLobby,
  RoomSettings,
  Metadata,
  Record,
  Stream,
  Transcribe,
  DialOut,
  End,
  Breakout,
  PromoteVisitor,
  Chat,
  React,
  RaiseHand,
  VotePoll,
  ShareScreen,
  CreatePoll,
  ShareFiles
};
constexpr std::size_t kCapabilities = static_cast<std::size_t>(Capability::ShareFiles) + 1;

std::string_view capability_text(Capability capability);

// The name in a credential's feature list that narrows this capability; "" if none does.
std::string_view feature_of(Capability capability);

class CapabilitySet {
 public:
  CapabilitySet() = default;
  CapabilitySet(std::initializer_list<Capability> list) {
    for (Capability one : list) add(one);
  }
  bool has(Capability one) const { return bits_.test(static_cast<std::size_t>(one)); }
  void add(Capability one) { bits_.set(static_cast<std::size_t>(one)); }
  void remove(Capability one) { bits_.reset(static_cast<std::size_t>(one)); }
  bool empty() const { return bits_.none(); }
  friend bool operator==(const CapabilitySet&, const CapabilitySet&) = default;

 private:
  std::bitset<kCapabilities> bits_;
};

}  // namespace conclave::access
