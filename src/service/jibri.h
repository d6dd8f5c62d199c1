#pragma once
// What is said about recording (signalling.md 6.13): between a client and focus, and between focus and a recorder
// (Jibri). Values.
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "xmpp/stanza.h"

namespace conclave::service {

inline constexpr std::string_view kJibri = "http://jitsi.org/protocol/jibri";
inline constexpr std::string_view kHealth = "http://jitsi.org/protocol/health";

inline constexpr std::size_t kMaxAppDataBytes = 8 * 1024;
inline constexpr std::size_t kMaxStreamIdBytes = 1024;

enum class Mode { File, Stream };
std::string_view mode_text(Mode mode);

// What a client wants.
struct RecordingWish {
  enum class Act { Start, Stop };
  Act act = Act::Start;
  Mode mode = Mode::File;
  std::string stream_id = {};     // a secret: the key of the stream
  std::string broadcast_id = {};  // where it can be watched
  std::string app_data = {};      // JSON
};

bool is_jibri(const xmpp::Element& iq);
// Of an iq that is_jibri().
Result<RecordingWish, xmpp::StanzaError> read_wish(const xmpp::Element& iq);

// What focus asks of a recorder.
struct RecorderOrder {
  std::string session_id;
  std::string room;  // bare address
  RecordingWish wish;
};
xmpp::Element start_order(const RecorderOrder& order);
xmpp::Element stop_order(const std::string& session_id);

// What a recorder says of a session: in the answer to an order, or by itself.
struct RecorderWord {
  enum class Status { Pending, On, Off, Unknown };
  Status status = Status::Unknown;
  std::string failure = {};  // "busy", "error"; empty: none
  bool may_retry = true;     // another recorder may succeed
  std::string session_id = {};
};
std::optional<RecorderWord> read_word(const xmpp::Element& iq);

// What a recorder says of itself in its presence; nothing if it says nothing.
struct RecorderHealth {
  bool idle = false;
  bool healthy = false;
};
std::optional<RecorderHealth> read_health(const xmpp::Element& presence);

// What everybody is told of a session, in focus' presence.
struct RecordingStatus {
  enum class State { Pending, On, Off };
  State state = State::Pending;
  std::string session_id;
  Mode mode = Mode::File;
  std::string failure = {};
  std::string initiator = {};  // address in the room of who started it, or stopped it
};
xmpp::Element status_element(const RecordingStatus& status);

}  // namespace conclave::service
