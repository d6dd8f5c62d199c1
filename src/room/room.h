#pragma once
// One meeting as XEP-0045 sees it: who is in it, in which role. This is what the folders above see; what occupants do
// to it stands in a file per feature (join, leave, moderation, messages, subject, disco …), which see it as a Meeting
// (meeting.h).
//
// Lives on the loop of its Rooms, which own it.
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/decide.h"
#include "access/room_name.h"
#include "base/time.h"
#include "room/occupant.h"

namespace conclave::room {

inline constexpr std::string_view kFocusNick = "focus";
// Nobody may call himself so: the endpoint ids of focus, and of the bridge as owner of its pseudo sources
// (media.md 2.9).
inline constexpr std::string_view kReservedNicks[] = {kFocusNick, "jvb"};

struct Service;

class Room {
 public:
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  const access::RoomName& name() const { return name_; }
  // Bare address on the MUC service.
  const xmpp::Jid& jid() const { return jid_; }
  const std::string& meeting_id() const { return meeting_id_; }
  // When the first occupant came to join focus; nothing before.
  std::optional<WallTime> created() const { return created_; }

  // The main room of the meeting: this one, unless it is a breakout room of it (breakout.h).
  const Room& main_room() const;
  Room& main_room();
  // Of a main room: its breakout rooms, oldest first; and how many there have been, 0 before the first.
  std::vector<const Room*> breakout_rooms() const;
  std::size_t breakout_rooms_made() const;
  const std::string& subject() const;  // "" while nobody has set one

  // By order of arrival. The focus occupant is not among them.
  const std::vector<std::unique_ptr<Occupant>>& occupants() const { return occupants_; }
  const Occupant* find(std::string_view nick) const;
  const Occupant* find(xmpp::SessionId session) const;
  bool moderator_present() const;  // in this room

  // May `who`, who is inside, do that (to that person)? By access::decide_act, and told to the decision log.
  access::Decision may(const Occupant& who, access::Capability act,
                       const std::optional<access::Target>& target = std::nullopt) const;

  // The same for acts that this meeting may have kept to some: they are his if his credential lists them, or as a
  // moderator whose credential lists nothing (signalling.md 6.5, 6.6).
  access::Decision may_here(const Occupant& who, access::Capability act) const;
  bool keeps_from(const Occupant& who, access::Capability act) const;
  void keep_to_some(access::CapabilitySet acts) { kept_ = acts; }
  // All that he may do now, told to nobody. For questions that every packet or presence may raise.
  access::CapabilitySet rights(const Occupant& who) const;

  bool lobby_is_on() const;

  // Sends `stanza` from room/focus to one occupant; sets from and to.
  void send_from_focus(const Occupant& to, xmpp::Element stanza);
  // The same from the room itself.
  void send_from_room(const Occupant& to, xmpp::Element stanza);
  // Replaces the children that focus publishes in its own presence under the name `part`, and tells everybody. Each
  // listener has a part of its own.
  void set_focus_presence(std::vector<xmpp::Element> children, const std::string& part = {});

  // Services (access.md: recorder, SIP leg, transcriber) come in only where they were called: one occupant of that
  // subject for each call that was not taken back. Who is inside stays.
  void call_service(const std::string& subject) { ++called_[subject]; }
  void dismiss_service(const std::string& subject);
  // Whether one more of them is called for; `session` is who asks, and not counted.
  bool calls_for(const std::string& subject, xmpp::SessionId session) const;

 protected:
  Room(Service& service, access::RoomName name);
  ~Room() = default;

  access::Decision decide(const access::Actor& asking, const Occupant& who, access::Capability act,
                          const std::optional<access::Target>& target) const;
  // From the room itself (`from_nick` empty) or an occupant of it, under the address that `to` knows the room by.
  void send(const Occupant& to, std::string_view from_nick, xmpp::Element stanza) const;
  xmpp::Element focus_presence() const;

  Service& service_;
  access::RoomName name_;
  xmpp::Jid jid_;
  std::string meeting_id_;
  std::optional<WallTime> created_;
  std::vector<std::unique_ptr<Occupant>> occupants_;
  std::map<std::string, std::vector<xmpp::Element>> focus_children_;  // by part
  std::map<std::string, std::size_t> called_;                         // services, by subject
  access::CapabilitySet kept_;
};

}  // namespace conclave::room
