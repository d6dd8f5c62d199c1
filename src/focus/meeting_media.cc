#include "focus/meeting_media.h"

#include <set>
#include <utility>

#include "base/log.h"
#include "focus/jingle/answer.h"
#include "focus/jingle/namespaces.h"
#include "focus/jingle/sources_codec.h"
#include "xmpp/stanza.h"

namespace conclave::focus {
namespace {

using xmpp::Element;

Element request(std::string_view type, const std::string& id) {
  Element iq("iq");
  iq.set("type", type).set("id", id);
  return iq;
}

sfu::SsrcUse ssrcs_of(const Participant& participant) {
  return participant.features.ssrc_rewriting ? sfu::SsrcUse::Rewritten : sfu::SsrcUse::AsSent;
}

Element unknown_session(const Element& iq) {
  Element error = xmpp::error_of(iq, xmpp::errors::kItemNotFound);
  for (Element& child : error.children()) {
    if (child.name() == "error") child.add("unknown-session", ns::kJingleErrors);
  }
  return error;
}

Element bad_request(const Element& iq, std::string_view why) {
  return xmpp::error_of(iq, {"modify", "bad-request", why});
}

}  // namespace

MeetingMedia::MeetingMedia(Loop& loop, room::Room& room, sfu::Sfu& sfu, Random& random, const FocusOptions& options,
                           const MediaRules* rules, FocusCounters& counters)
    : loop_(loop), room_(room), sfu_(sfu), random_(random), options_(options), rules_(rules), counters_(counters) {}

void MeetingMedia::joined(const room::Occupant& occupant) {
  lonely_.cancel();
  Participant& participant = participants_[occupant.nick];
  participant.id = occupant.nick;
  ask_features(occupant, participant);
}

void MeetingMedia::left(const room::Occupant& occupant) {
  const auto it = participants_.find(occupant.nick);
  if (it == participants_.end()) return;
  if (conference_) conference_->remove_endpoint(it->first);
  participants_.erase(it);
  announce_sources();
  if (bridge_missing_) invite_all();
  watch_lonely();
}

void MeetingMedia::ask_features(const room::Occupant& occupant, Participant& participant) {
  // Asked of everybody: a cache by XEP-0115's hash would let one client speak for another.
  participant.question = "d" + std::to_string(next_id_++);
  Element iq = request("get", participant.question);
  iq.add("query", "http://jabber.org/protocol/disco#info");
  room_.send_from_focus(occupant, std::move(iq));
  participant.question_timeout = loop_.after(kFeaturesTimeout, [this, id = participant.id] {
    if (Participant* asked = find(id); asked != nullptr && asked->state == InvitationState::Asking) {
      features_known(*asked, ClientFeatures{});
    }
  });
}

void MeetingMedia::response(const room::Occupant& from, const Element& iq) {
  Participant* participant = find(from.nick);
  if (participant == nullptr) return;
  if (participant->state == InvitationState::Asking && iq.attribute("id") == participant->question) {
    const Element* query = iq.child("query", "http://jabber.org/protocol/disco#info");
    const bool answered = iq.attribute("type") == "result" && query != nullptr;
    features_known(*participant, answered ? read_features(*query) : ClientFeatures{});
    return;
  }
  if (participant->state == InvitationState::Invited && iq.attribute("id") == participant->initiate_id &&
      iq.attribute("type") == "error") {
    terminate(*participant, "general-error", "jingle session failed");
    uninvite(*participant);
    announce_sources();
  }
}

void MeetingMedia::features_known(Participant& participant, ClientFeatures features) {
  participant.question.clear();
  participant.question_timeout.cancel();
  participant.features = features;
  participant.state = InvitationState::Ready;
  invite_all();
}

void MeetingMedia::invite_all() {
  if (room_.occupants().size() < kLeastOccupants) return;
  for (auto& [id, participant] : participants_) {
    if (participant.state == InvitationState::Ready) invite(participant);
  }
}

void MeetingMedia::invite(Participant& participant) {
  if (!participant.features.audio && !participant.features.video) return;
  const room::Occupant* occupant = room_.find(participant.id);
  if (occupant == nullptr) return;
  if (!conference_) conference_ = sfu_.create_conference(*this);
  auto transport = conference_ ? conference_->add_endpoint(participant.id, ssrcs_of(participant)) : std::nullopt;
  if (!transport) {
    log::warning("no room for another endpoint", {{"room", room_.name().key()}, {"endpoint", participant.id}});
    bridge_missing_ = true;
    room_.set_focus_presence(focus_presence(Bridge::NotAvailable));
    return;
  }
  if (std::exchange(bridge_missing_, false)) room_.set_focus_presence(focus_presence(Bridge::Available));
  apply_rules(participant);
  participant.state = InvitationState::Invited;
  participant.sid = random_.hex(16);
  participant.bridge_session = random_.uuid();
  participant.initiate_id = "j" + std::to_string(next_id_++);
  participant.announced = sources_for(participant);
  const Offer offer{.sid = participant.sid,
                    .initiator = options_.focus_jid,
                    .bridge_session = participant.bridge_session,
                    .channel_url = options_.channel_origin + "/colibri-ws/" + std::to_string(loop_.id().value) + "/" +
                                   transport->channel_conference + "/" + participant.id +
                                   "?pwd=" + transport->channel_password,
                    .transport = std::move(*transport),
                    .sources = participant.announced,
                    .features = participant.features};
  Element iq = request("set", participant.initiate_id);
  iq.add(write_session_initiate(offer));
  counters_.invitations.add();
  room_.send_from_focus(*occupant, std::move(iq));
}

void MeetingMedia::apply_rules() {
  for (const auto& [id, participant] : participants_) apply_rules(participant);
}

void MeetingMedia::apply_rules(const Participant& participant) {
  const room::Occupant* occupant = room_.find(participant.id);
  if (rules_ == nullptr || !conference_ || occupant == nullptr) return;
  for (std::size_t i = 0; i < sfu::kSourceClasses; ++i) {
    const auto which = static_cast<sfu::SourceClass>(i);
    conference_->set_force_muted(participant.id, which, !rules_->may_send(room_, *occupant, which));
  }
}

void MeetingMedia::uninvite(Participant& participant) {
  if (conference_) conference_->remove_endpoint(participant.id);
  if (participant.state != InvitationState::Asking) participant.state = InvitationState::Ready;
  participant.sid.clear();
  participant.bridge_session.clear();
  participant.sources = {};
  participant.announced.clear();
}

void MeetingMedia::terminate(Participant& participant, std::string_view condition, std::string_view text) {
  Element iq = request("set", "j" + std::to_string(next_id_++));
  Element& jingle = iq.add("jingle", ns::kJingle);
  jingle.set("action", "session-terminate").set("initiator", options_.focus_jid).set("sid", participant.sid);
  Element& reason = jingle.add("reason", ns::kJingle);
  reason.add(condition, ns::kJingle);
  reason.add("text", ns::kJingle).set_text(text);
  counters_.terminated.add();
  send(participant, std::move(iq));
}

void MeetingMedia::watch_lonely() {
  if (room_.occupants().size() >= kLeastOccupants || !conference_) return;
  lonely_ = loop_.after(kLonelyTimeout, [this] {
    for (auto& [id, participant] : participants_) {
      if (participant.state != InvitationState::Invited && participant.state != InvitationState::Active) continue;
      terminate(participant, "expired", "Idle session timeout");
      uninvite(participant);
    }
    conference_.reset();
  });
}

SourcesByOwner MeetingMedia::sources_for(const Participant& participant) const {
  SourcesByOwner sources;
  for (const auto& [id, other] : participants_) {
    // Where SSRCs are rewritten the bridge channel names the sources (media.md 7.1).
    if (participant.features.ssrc_rewriting) break;
    if (id != participant.id && !other.sources.empty()) sources.emplace(id, announced(other.sources));
  }
  if (conference_) {
    sources.emplace(kBridgeOwner, bridge_sources(conference_->audio_ssrc(), conference_->video_ssrc()));
  }
  return sources;
}

void MeetingMedia::announce_sources() {
  for (auto& [id, participant] : participants_) {
    // Before its session-accept a client has nothing to add sources to; it is told of the difference then.
    if (participant.state != InvitationState::Active) continue;
    SourcesByOwner wanted = sources_for(participant);
    const SourceChange change = difference(participant.announced, wanted);
    participant.announced = std::move(wanted);
    const auto tell = [&, &to = participant](std::string_view action, const SourcesByOwner& sources) {
      if (sources.empty()) return;
      Element iq = request("set", "j" + std::to_string(next_id_++));
      iq.add(sources_jingle(action, to.sid, sources, to.features.json_sources));
      send(to, std::move(iq));
    };
    tell("source-remove", change.removed);
    tell("source-add", change.added);
  }
}

std::set<std::uint32_t> MeetingMedia::ssrcs_of_others(const Participant& participant) const {
  std::set<std::uint32_t> taken;
  for (const auto& [id, other] : participants_) {
    if (id == participant.id) continue;
    for (const SignalledSsrc& source : other.sources.ssrcs) taken.insert(source.ssrc);
  }
  if (conference_) {
    taken.insert(conference_->audio_ssrc());
    taken.insert(conference_->video_ssrc());
  }
  return taken;
}

void MeetingMedia::jingle(const room::Occupant& from, const Element& iq) {
  const Element& jingle = *iq.child("jingle", ns::kJingle);
  Participant* participant = find(from.nick);
  const std::string_view action = jingle.attribute("action");
  if (iq.attribute("type") != "set" || action.empty()) {
    return reply(from, bad_request(iq, "a jingle request has to be of type set and to name an action"));
  }
  if (participant == nullptr || participant->sid.empty() || jingle.attribute("sid") != participant->sid) {
    return reply(from, unknown_session(iq));
  }
  if (action == "session-accept") return on_accept(from, *participant, iq, jingle);
  if (action == "source-add") return on_source_add(from, *participant, iq, jingle);
  if (action == "source-remove") return on_source_remove(from, *participant, iq, jingle);
  if (action == "session-terminate") return on_terminate(from, *participant, iq, jingle);
  // A client's candidates are learnt from its checks (media.md 2.13).
  if (action == "transport-info" || action == "transport-accept" || action == "transport-reject") {
    return reply(from, xmpp::result_of(iq));
  }
  reply(from, xmpp::error_of(iq, xmpp::errors::kFeatureNotImplemented));
}

void MeetingMedia::on_accept(const room::Occupant& from, Participant& participant, const Element& iq,
                             const Element& jingle) {
  if (participant.state != InvitationState::Invited) {
    return reply(from, xmpp::error_of(iq, {"cancel", "unexpected-request", "the session is accepted already"}));
  }
  auto answer = read_answer(jingle, participant.id);
  if (!answer) return reply(from, bad_request(iq, text_of(answer.error())));
  auto sources = add_sources(participant.id, {}, answer->sources, ssrcs_of_others(participant));
  if (!sources) return reply(from, bad_request(iq, text_of(sources.error())));
  sfu::EndpointError error = conference_->set_sources(participant.id, to_sfu(*sources));
  if (error == sfu::EndpointError::None) error = conference_->accept(participant.id, answer->transport, answer->media);
  if (error != sfu::EndpointError::None) {
    conference_->set_sources(participant.id, {});
    return reply(from, bad_request(iq, sfu::name(error)));
  }
  participant.state = InvitationState::Active;
  participant.sources = std::move(*sources);
  counters_.accepted.add();
  reply(from, xmpp::result_of(iq));
  announce_sources();
}

void MeetingMedia::on_source_add(const room::Occupant& from, Participant& participant, const Element& iq,
                                 const Element& jingle) {
  auto added = read_sources(jingle, participant.id);
  if (!added) return reply(from, bad_request(iq, text_of(added.error())));
  ++participant.source_adds;
  for (SignalledSsrc& source : added->ssrcs) source.generation = participant.source_adds;
  auto sources = add_sources(participant.id, participant.sources, *added, ssrcs_of_others(participant));
  if (!sources) return reply(from, bad_request(iq, text_of(sources.error())));
  if (conference_->set_sources(participant.id, to_sfu(*sources)) != sfu::EndpointError::None) {
    return reply(from, xmpp::error_of(iq, xmpp::errors::kResourceConstraint));
  }
  participant.sources = std::move(*sources);
  reply(from, xmpp::result_of(iq));
  announce_sources();
}

void MeetingMedia::on_source_remove(const room::Occupant& from, Participant& participant, const Element& iq,
                                    const Element& jingle) {
  const auto removed = read_sources(jingle, participant.id);
  if (!removed) return reply(from, bad_request(iq, text_of(removed.error())));
  if (remove_sources(participant.sources, *removed).empty()) {
    return reply(from, bad_request(iq, "none of these sources is signalled"));
  }
  conference_->set_sources(participant.id, to_sfu(participant.sources));
  reply(from, xmpp::result_of(iq));
  announce_sources();
}

void MeetingMedia::on_terminate(const room::Occupant& from, Participant& participant, const Element& iq,
                                const Element& jingle) {
  const Element* session = jingle.child("bridge-session", ns::kFocus);
  const bool restarts = session != nullptr && session->attribute("restart") == "true";
  if (restarts && session->attribute("id") != participant.bridge_session) return reply(from, unknown_session(iq));
  uninvite(participant);
  announce_sources();
  if (!restarts) {
    // He does not want one: not invited again until he joins anew.
    participant.features.audio = participant.features.video = false;
    return reply(from, xmpp::result_of(iq));
  }
  if (!participant.restarts.take(loop_.now())) {
    return reply(from, xmpp::error_of(iq, {"wait", "resource-constraint", "rate-limited"}));
  }
  counters_.restarted.add();
  // Answered first: an error or silence here makes stock clients reload the page (media.md 2.15).
  reply(from, xmpp::result_of(iq));
  invite_all();
}

void MeetingMedia::endpoint_connected(const sfu::EndpointId&) {}

void MeetingMedia::endpoint_failed(const sfu::EndpointId& endpoint, std::string_view why) {
  counters_.media_failed.add();
  log::info("media of an endpoint failed", {{"room", room_.name().key()}, {"endpoint", endpoint}, {"why", why}});
  // The client notices too, and asks for a restart (media.md 17.4); until then its session stays, so that its request
  // is understood.
}

void MeetingMedia::dominant_speaker_changed(const sfu::EndpointId&) {}

Participant* MeetingMedia::find(const sfu::EndpointId& id) {
  const auto it = participants_.find(id);
  return it == participants_.end() ? nullptr : &it->second;
}

void MeetingMedia::send(const Participant& to, Element iq) {
  if (const room::Occupant* occupant = room_.find(to.id)) room_.send_from_focus(*occupant, std::move(iq));
}

void MeetingMedia::reply(const room::Occupant& to, Element iq) {
  if (iq.attribute("type") == "error") counters_.refused.add();
  room_.send_from_focus(to, std::move(iq));
}

}  // namespace conclave::focus
