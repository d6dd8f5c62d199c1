#pragma once
// The media of one room: invites its occupants by Jingle, keeps the conference of the SFU and everybody's knowledge of
// the sources in step with them. Made by Focus when the room opens; lives on its loop.
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "focus/focus.h"
#include "focus/participant.h"
#include "room/room.h"
#include "sfu/conference.h"

namespace conclave::focus {

class MeetingMedia final : public sfu::ConferenceListener {
 public:
  MeetingMedia(Loop& loop, room::Room& room, sfu::Sfu& sfu, Random& random, const FocusOptions& options,
               const MediaRules* rules, FocusCounters& counters);

  void joined(const room::Occupant& occupant);
  void left(const room::Occupant& occupant);
  // Asks MediaRules again for everybody.
  void apply_rules();
  // An iq of type result or error from an occupant.
  void response(const room::Occupant& from, const xmpp::Element& iq);
  // An iq with a <jingle/>; answered in every case.
  void jingle(const room::Occupant& from, const xmpp::Element& iq);

  std::string state() const { return conference_ ? conference_->debug_state() : R"({"endpoints":[]})"; }

  void endpoint_connected(const sfu::EndpointId& endpoint) override;
  void endpoint_failed(const sfu::EndpointId& endpoint, std::string_view why) override;
  void dominant_speaker_changed(const sfu::EndpointId& endpoint) override;

 private:
  Participant* find(const sfu::EndpointId& id);
  void ask_features(const room::Occupant& occupant, Participant& participant);
  void features_known(Participant& participant, ClientFeatures features);
  void invite_all();
  void invite(Participant& participant);
  void apply_rules(const Participant& participant);
  void uninvite(Participant& participant);  // forgets session, endpoint and sources
  void terminate(Participant& participant, std::string_view condition, std::string_view text);
  void watch_lonely();
  SourcesByOwner sources_for(const Participant& participant) const;
  void announce_sources();
  std::set<std::uint32_t> ssrcs_of_others(const Participant& participant) const;
  void send(const Participant& to, xmpp::Element iq);
  void reply(const room::Occupant& to, xmpp::Element iq);

  void on_accept(const room::Occupant& from, Participant& participant, const xmpp::Element& iq,
                 const xmpp::Element& jingle);
  void on_source_add(const room::Occupant& from, Participant& participant, const xmpp::Element& iq,
                     const xmpp::Element& jingle);
  void on_source_remove(const room::Occupant& from, Participant& participant, const xmpp::Element& iq,
                        const xmpp::Element& jingle);
  void on_terminate(const room::Occupant& from, Participant& participant, const xmpp::Element& iq,
                    const xmpp::Element& jingle);

  Loop& loop_;
  room::Room& room_;
  sfu::Sfu& sfu_;
  Random& random_;
  const FocusOptions& options_;
  const MediaRules* rules_;  // null: none
  FocusCounters& counters_;
  std::unique_ptr<sfu::Conference> conference_;
  std::map<sfu::EndpointId, Participant, std::less<>> participants_;
  Timer lonely_;
  bool bridge_missing_ = false;  // told in focus' presence
  std::uint64_t next_id_ = 1;
};

}  // namespace conclave::focus
