#include "service/dialing.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "room/wire.h"

namespace conclave::service {
namespace {

using Outcome = Gateways::Outcome;

xmpp::StanzaError error_for(Outcome outcome) {
  switch (outcome) {
    case Outcome::NoneThere:
      return xmpp::errors::kServiceUnavailable;
    case Outcome::TimedOut:
      return {"wait", "remote-server-timeout", "The gateway does not answer."};
    default:
      return {"cancel", "undefined-condition", "The gateway could not do it."};
  }
}

}  // namespace

struct Dialing::Call {
  std::string id;
  std::string subject;  // whose leg it will be
  bool transcribes = false;
  bool by_room = false;  // asked for by the room's metadata, not by an iq
  xmpp::SessionId asker = {};
  std::optional<xmpp::Element> iq = {};  // unanswered until dialled() comes
  std::string resource = {};             // of the gateway, once it has answered
  std::string nick = {};                 // of the leg, while it is inside
  Timer comes = {};
};

Dialing::Dialing(Loop& loop, Random& random, const Options& options, GatewayDesk& desk)
    : Pinned(loop), random_(random), options_(options), desk_(desk) {}

Dialing::~Dialing() = default;

bool Dialing::focus_iq(room::Room& room, const room::Occupant& from, const xmpp::Element& iq) {
  assert_here();
  if (!is_dial(iq)) return false;
  const auto answer = [&](const xmpp::StanzaError& error) { room.send_from_focus(from, xmpp::error_of(iq, error)); };
  const auto wish = read_dial(iq);
  if (!wish) {
    answer(wish.error());
    return true;
  }
  // As stock clients name it, by the address that they know the room by.
  const std::string named = room_of(*wish);
  if (named != room.jid().str() && named != from.room_address.str()) {
    answer(xmpp::errors::kForbidden);
    return true;
  }
  const access::Decision decision =
      room.may(from, wish->transcribes() ? access::Capability::Transcribe : access::Capability::DialOut);
  if (!decision.admitted()) {
    answer({"auth", "forbidden", decision.reason.sentence});
    return true;
  }
  dial(room, &from, &iq, *wish);
  return true;
}

void Dialing::dial(room::Room& room, const room::Occupant* from, const xmpp::Element* iq, const Dial& wish) {
  const auto refuse = [&](const xmpp::StanzaError& error) {
    if (from != nullptr) room.send_from_focus(*from, xmpp::error_of(*iq, error));
  };
  const std::string& transcriber = options_.transcriber.empty() ? options_.jigasi : options_.transcriber;
  const std::string& subject = wish.transcribes() ? transcriber : options_.jigasi;
  if (subject.empty()) return refuse(xmpp::errors::kServiceUnavailable);
  Calls& calls = calls_[&room];
  if (calls.size() >= kMaxCallsOfRoom) return refuse({"cancel", "resource-constraint", "There are enough calls."});
  auto call = std::make_unique<Call>(Call{.id = random_.hex(12), .subject = subject});
  call->transcribes = wish.transcribes();
  call->by_room = from == nullptr;
  if (from != nullptr) {
    call->asker = from->session;
    call->iq = *iq;
  }
  const std::string id = call->id;
  calls.push_back(std::move(call));
  // Already now: the gateway may be inside before its answer is here.
  room.call_service(subject);
  desk_.dial(room.name(), id, wish.transcribes(),
             dial_order(wish, room.jid().str(), from == nullptr ? nullptr : &from->identity));
}

void Dialing::dialled(room::Room* room, const Gateways::Report& report) {
  assert_here();
  const auto calls = calls_.find(room);
  const auto found = calls == calls_.end()
                         ? Calls::iterator()
                         : std::ranges::find(calls->second, report.call, [](const auto& one) { return one->id; });
  if (calls == calls_.end() || found == calls->second.end()) {
    if (!report.resource.empty()) desk_.hang_up(report.resource);
    return;
  }
  Call& call = **found;
  const room::Occupant* asker = std::as_const(*room).find(call.asker);
  if (report.outcome != Outcome::Called) {
    if (asker != nullptr && call.iq) room->send_from_focus(*asker, xmpp::error_of(*call.iq, error_for(report.outcome)));
    return end(*room, call);
  }
  call.resource = report.resource;
  if (asker != nullptr && call.iq) {
    xmpp::Element result = xmpp::result_of(*call.iq);
    result.add("ref", kRayo).set("uri", "xmpp:" + call.resource);
    room->send_from_focus(*asker, std::move(result));
  }
  call.iq.reset();
  if (!call.nick.empty()) return;
  call.comes = loop().after(kCallComes, [this, room, &call] { end(*room, call); });
}

void Dialing::end(room::Room& room, const Call& call) {
  const auto calls = calls_.find(&room);
  const auto found = std::ranges::find(calls->second, &call, [](const auto& one) { return one.get(); });
  const std::unique_ptr<Call> last = std::move(*found);
  calls->second.erase(found);
  room.dismiss_service(last->subject);
}

void Dialing::occupant_joined(room::Room& room, const room::Occupant& who) {
  assert_here();
  if (who.identity.kind != access::IdentityKind::Service) return;
  const auto calls = calls_.find(&room);
  if (calls == calls_.end()) return;
  const auto found = std::ranges::find_if(
      calls->second, [&](const auto& call) { return call->nick.empty() && call->subject == who.identity.subject; });
  if (found == calls->second.end()) return;
  (*found)->nick = who.nick;
  (*found)->comes.cancel();
}

void Dialing::occupant_left(room::Room& room, const room::Occupant& who) {
  assert_here();
  const auto calls = calls_.find(&room);
  if (calls == calls_.end() || who.identity.kind != access::IdentityKind::Service) return;
  const auto found = std::ranges::find(calls->second, who.nick, [](const auto& call) { return call->nick; });
  if (found != calls->second.end()) end(room, **found);
}

bool Dialing::hang_up(room::Room& room, const room::Occupant& from, const std::string& resource,
                      const xmpp::Element& iq, xmpp::Outbox& reply) {
  assert_here();
  const auto calls = calls_.find(&room);
  if (calls == calls_.end()) return false;
  const auto found = std::ranges::find(calls->second, resource, [](const auto& call) { return call->resource; });
  if (found == calls->second.end()) return false;
  const access::Decision decision =
      room.may(from, (*found)->transcribes ? access::Capability::Transcribe : access::Capability::DialOut);
  if (!decision.admitted()) {
    reply.deliver(from.session, xmpp::error_of(iq, {"auth", "forbidden", decision.reason.sentence}));
    return true;
  }
  desk_.hang_up(resource);
  reply.deliver(from.session, xmpp::result_of(iq));
  // A leg that is inside leaves by itself; one that is not is not waited for.
  if ((*found)->nick.empty()) end(room, **found);
  return true;
}

void Dialing::transcribe(room::Room& room, bool on) {
  assert_here();
  const auto calls = calls_.find(&room);
  const auto is_ours = [](const auto& call) { return call->by_room; };
  if (on) {
    if (calls != calls_.end() && std::ranges::any_of(calls->second, is_ours)) return;
    return dial(room, nullptr, nullptr, Dial{.to = std::string(kTranscribe)});
  }
  if (calls == calls_.end()) return;
  const auto found = std::ranges::find_if(calls->second, is_ours);
  if (found == calls->second.end()) return;
  if (!(*found)->resource.empty()) desk_.hang_up((*found)->resource);
  if ((*found)->nick.empty()) return end(room, **found);
  (*found)->by_room = false;  // so that it can be asked for again while this one leaves
}

void Dialing::room_closed(room::Room& room) {
  assert_here();
  const auto calls = calls_.find(&room);
  if (calls == calls_.end()) return;
  for (const auto& call : calls->second) {
    if (!call->resource.empty()) desk_.hang_up(call->resource);
  }
  calls_.erase(calls);
}

}  // namespace conclave::service
