#pragma once
// The recorders that are attached, and what each of them does: picks one for an order, asks another when it fails, and
// says how it goes.
//
//             picked          on                    off, gone, stopped
//   (order) ─────────► Asked ─────► Recording ───────────────────────► (over)
//                       │ ▲                             ▲
//                       └─┘ refused, failed, silent for pending_timeout, gone: the next one; none is left: over
//
// Lives on loop 0, next to their brewery; what is reported goes to the loop of the room.
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "access/room_name.h"
#include "base/random.h"
#include "loop/pinned.h"
#include "service/brewery.h"
#include "service/jibri.h"
#include "service/options.h"

namespace conclave::service {

inline constexpr std::size_t kMaxRecordings = 1'000;

class Recorders : public Pinned {
 public:
  // How a session goes on; Off is the last. `failure` as in RecordingStatus.
  struct Report {
    access::RoomName room;
    std::string session_id;
    RecordingStatus::State state = RecordingStatus::State::Pending;
    std::string failure = {};
  };
  using Tell = std::function<void(const Report&)>;

  // `tell` is called on this loop, maybe from within start().
  Recorders(Loop& loop, Brewery& brewery, Random& random, const Options& options, Tell tell);
  ~Recorders();

  // Taken: reports follow. AllBusy, NoneThere: none can do it now.
  enum class Outcome { Taken, AllBusy, NoneThere };
  Outcome start(const access::RoomName& room, RecorderOrder order);
  // Without a report.
  void stop(const std::string& session_id);

  // From the brewery: its presence, its answers, and what it says by itself.
  void said(xmpp::SessionId recorder, const xmpp::Element& presence);
  void iq(xmpp::SessionId recorder, const xmpp::Element& iq);
  void gone(xmpp::SessionId recorder);

  std::size_t attached() const { return recorders_.size(); }
  std::size_t idle() const;
  std::size_t running() const { return sessions_.size(); }

 private:
  struct Recorder {
    RecorderHealth health;
    std::string session_id;  // of what we asked of it; empty: of nothing
  };
  struct Session;

  const std::pair<const xmpp::SessionId, Recorder>* pick(const std::set<xmpp::SessionId>& but) const;
  void ask(Session& session, xmpp::SessionId recorder);
  void word(Session& session, const RecorderWord& word);
  void next(Session& session, const std::string& failure);
  void over(Session& session, const std::string& failure);
  void report(const Session& session, RecordingStatus::State state, const std::string& failure = {});
  Session* session_at(xmpp::SessionId recorder);

  Brewery& brewery_;
  Random& random_;
  const Options& options_;
  Tell tell_;
  std::map<xmpp::SessionId, Recorder> recorders_;
  std::map<std::string, std::unique_ptr<Session>> sessions_;
};

}  // namespace conclave::service
