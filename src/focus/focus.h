#pragma once
// Focus of one loop: watches its rooms and drives their conferences; plays the occupant "focus" that stock clients talk
// to.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/counter.h"
#include "base/random.h"
#include "focus/media_rules.h"
#include "loop/pinned.h"
#include "room/room_listener.h"
#include "sfu/sfu.h"

namespace conclave::focus {

inline constexpr std::size_t kLeastOccupants = 2;  // before that nobody is invited (media.md 17.1)
inline constexpr Duration kLonelyTimeout = 20s;    // then the session of the one who is left ends
inline constexpr Duration kFeaturesTimeout = 3s;   // a client that does not say what it can is taken for a plain one

struct FocusOptions {
  std::string focus_jid;              // full: focus@auth.<d>/focus
  const std::string& channel_origin;  // "wss://host:port"; outlives focus, known when the first room opens
};

struct FocusCounters {
  Counter invitations;
  Counter accepted;
  Counter terminated;
  Counter restarted;
  Counter refused;       // Jingle that was answered with an error
  Counter media_failed;  // endpoints whose ICE or DTLS failed
  Counter mutes;
};

enum class Bridge { Available, NotAvailable };
// What stock clients read from focus' presence (signalling.md 5.6).
std::vector<xmpp::Element> focus_presence(Bridge bridge);

class MeetingMedia;

class Focus final : public Pinned, public room::RoomListener {
 public:
  Focus(Loop& loop, sfu::Sfu& sfu, Random& random, FocusOptions options);
  ~Focus();

  void room_opened(room::Room& room) override;
  void occupant_joined(room::Room& room, const room::Occupant& occupant) override;
  void occupant_left(room::Room& room, const room::Occupant& occupant) override;
  bool focus_iq(room::Room& room, const room::Occupant& from, const xmpp::Element& iq) override;
  void room_closed(room::Room& room) override;

  // Who may send what. Until it is given everybody may send everything. Outlives focus.
  void set_rules(const MediaRules& rules) { rules_ = &rules; }
  // The answers have changed for people in that room.
  void rules_changed(room::Room& room);
  // Tells a client to stop its microphone, camera or screen, in the name of the occupant `actor`.
  void order_mute(room::Room& room, const room::Occupant& who, sfu::SourceClass which, const std::string& actor);

  // Of the endpoints of the room whose name has that key, as JSON text; nothing if there is no such room. {"endpoints": []} while nobody
  // is invited.
  std::optional<std::string> media_state(std::string_view room) const;

  const FocusCounters& counters() const { return counters_; }

 private:
  MeetingMedia* media_of(room::Room& room);

  sfu::Sfu& sfu_;
  Random& random_;
  FocusOptions options_;
  FocusCounters counters_;
  const MediaRules* rules_ = nullptr;
  std::map<const room::Room*, std::unique_ptr<MeetingMedia>> meetings_;
};

}  // namespace conclave::focus
