#pragma once
// What a room says about itself to all clients, as one JSON object (signalling.md 6.11): sent whole before somebody's
// own presence, and whenever it changes.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "component/component.h"
#include "sfu/media.h"
#include "xmpp/iq/external_services.h"

namespace conclave::component {

// Of one room's object as text, and of one message. What would make it longer is refused with not-allowed; what the
// server says itself (startMuted, lobbyEnabled) is a few keys more.
inline constexpr std::size_t kMaxMetadataBytes = 32 * 1'024;
inline constexpr std::size_t kMaxMetadataKeys = 64;

class RoomMetadata final : public Component {
 public:
  // The STUN and TURN servers for somebody who is let in, with credentials of his own.
  using Relays = std::function<std::vector<xmpp::ExternalService>(const room::Occupant&)>;

  // A moderator wants the meeting transcribed, or no longer.
  using Transcribing = std::function<void(room::Room&, bool)>;

  RoomMetadata(std::string address, xmpp::Outbox& outbox, Relays relays);
  ~RoomMetadata() override;

  void message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) override;
  void room_opened(room::Room& room) override;
  void occupant_entering(room::Room& room, const room::Occupant& who) override;
  void occupant_joined(room::Room& room, const room::Occupant& who) override;
  void presence_changed(room::Room& room, const room::Occupant& who) override;
  void occupant_left(room::Room& room, const room::Occupant& who) override;
  void settings_changed(room::Room& room) override;
  void room_closed(room::Room& room) override;

  void on_transcribing(Transcribing listener) { transcribing_ = std::move(listener); }

  // Newcomers begin muted while moderation of that class is on, whatever moderators choose meanwhile; afterwards as
  // they chose (signalling.md 6.2).
  void moderated(room::Room& room, sfu::SourceClass which, bool on);

 private:
  struct State;  // the JSON: its header is heavy

  State& state_of(const room::Room& room);
  void set_start_muted(room::Room& room, const room::Occupant& who);
  enum class With { Nothing, Relays };
  void tell_about(const room::Room& room, const room::Occupant& to, With with);
  void changed(room::Room& room);

  Relays relays_;
  std::map<const room::Room*, std::unique_ptr<State>> rooms_;
  Transcribing transcribing_;
};

}  // namespace conclave::component
