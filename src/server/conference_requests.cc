#include "server/conference_requests.h"

#include <utility>

#include "access/ticket.h"
#include "base/log.h"
#include "server/booking_desk.h"
#include "server/station.h"

namespace conclave::server {
namespace {

const focus::ConferenceAnswer kSessionInvalid{.kind = focus::ConferenceAnswer::Kind::SessionInvalid,
                                              .sentence = "invalid session"};

struct Journey {
  Common& common;
  room::Visitor visitor;
  focus::ConferenceRequest request;
  NewWallet wallet;
  ConferenceReply reply;
};

void no_new_wallet(const Journey& journey) {
  if (journey.wallet == NewWallet::No) return;
  const xmpp::SessionId session = journey.visitor.sender.session;
  Station& home = *journey.common.stations[xmpp::loop_of(session)];
  home.run([&home, session] { home.ticket_not_made(session); });
}

void grant(Journey journey, focus::ConferenceAnswer answer, access::Grant wish) {
  Station& tickets = *journey.common.stations.front();
  tickets.run([&tickets, journey = std::move(journey), answer = std::move(answer), wish = std::move(wish)]() mutable {
    access::TicketBook& book = journey.common.tickets->book();
    const auto& shown = journey.request.session_id;
    const bool renews = shown && !book.wallet_named(*shown).empty();
    // What a ticket gave is not bought with anew when that has been logged out meanwhile.
    const bool by_ticket = wish.identity.proof.ticket == access::Proof::Ticket::InScope;
    std::optional<std::string> ticket;
    if (renews || (journey.wallet == NewWallet::Counted && !by_ticket)) {
      ticket = book.grant(shown, journey.request.machine_uid, journey.visitor.peer, std::move(wish),
                          tickets.loop().wall_now());
    }
    if (renews || !ticket) no_new_wallet(journey);
    if (ticket) answer.session_id = *std::move(ticket);
    journey.reply(answer);
  });
}

// On the room's loop.
void answer_on(Station& home, Journey journey, const std::optional<access::Identity>& from_ticket,
               const BookingOutcome& booking) {
  const access::Decision decision =
      home.rooms().ask(journey.visitor, journey.request.room, from_ticket, booking.booked);
  const access::Identity& identity = from_ticket ? *from_ticket : journey.visitor.identity;
  log::info("conference request", {{"room", journey.request.room.key()},
                                   {"identity", access::kind_text(identity.kind)},
                                   {"outcome", access::outcome_text(decision.outcome)},
                                   {"reason", access::slug_text(decision.reason.slug)}});
  const access::Policy& policy = home.rules().policies.for_room(journey.request.room);
  focus::ConferenceAnswer answer = focus::conference_answer(
      journey.request, {decision, identity, policy, journey.common.names.focus_user, booking.code});
  auto wish = decision.admitted() && journey.visitor.has_stream()
                  ? access::grant_for(identity, journey.request.room.main(), policy, home.loop().wall_now())
                  : std::nullopt;
  if (wish) return grant(std::move(journey), std::move(answer), std::move(*wish));
  no_new_wallet(journey);
  journey.reply(answer);
}

// The booking server is asked between two looks at the room: what it was like meanwhile may have changed, so the second
// look decides.
void book_first(Station& home, Journey journey, std::optional<access::Identity> from_ticket) {
  const access::RoomName room = journey.request.room;
  const access::Identity identity = from_ticket ? *from_ticket : journey.visitor.identity;
  BookingDesk& desk = *journey.common.bookings;
  desk.ask(home, room, identity,
           [&home, &desk, room, journey = std::move(journey),
            from_ticket = std::move(from_ticket)](BookingOutcome booking) mutable {
             const bool granted = booking.booked.answer == access::Booking::Granted;
             // Who has left meanwhile is not answered, and starts nothing.
             if (home.rooms().still_asks(journey.visitor.sender.session)) {
               // Revoked, or settings changed, while the booking server thought about it.
               journey.visitor = home.as_of_now(std::move(journey.visitor));
               if (from_ticket && !home.counts(*from_ticket)) from_ticket.reset();
               answer_on(home, std::move(journey), from_ticket, booking);
             }
             if (!granted) return;
             home.rooms().find(room) != nullptr ? desk.started(room) : desk.unused(room);
           });
}

void decide(Journey journey, std::optional<access::Identity> from_ticket) {
  Station& home = journey.common.station_of(journey.request.room);
  home.run([&home, journey = std::move(journey), from_ticket = std::move(from_ticket)]() mutable {
    journey.visitor = home.as_of_now(std::move(journey.visitor));
    if (from_ticket && !home.counts(*from_ticket)) from_ticket.reset();
    const bool books = journey.common.bookings != nullptr &&
                       home.rooms().would_start(journey.visitor, journey.request.room, from_ticket);
    if (books) return book_first(home, std::move(journey), std::move(from_ticket));
    answer_on(home, std::move(journey), from_ticket, {});
  });
}

}  // namespace

void handle_conference_request(Common& common, room::Visitor visitor, focus::ConferenceRequest request,
                               NewWallet wallet, ConferenceReply reply) {
  Journey journey{common, std::move(visitor), std::move(request), wallet, std::move(reply)};
  // Opaque: it is only compared.
  journey.visitor.machine = journey.request.machine_uid;
  if (!journey.request.session_id) return decide(std::move(journey), std::nullopt);
  Station& tickets = *common.stations.front();
  tickets.run([&tickets, journey = std::move(journey)]() mutable {
    access::TicketAnswer answer =
        journey.common.tickets->book().redeem(*journey.request.session_id, journey.request.machine_uid,
                                              journey.request.room.main(), tickets.rules(), tickets.loop().wall_now());
    if (answer.kind == access::TicketAnswer::Kind::Unknown) {
      no_new_wallet(journey);
      return journey.reply(kSessionInvalid);
    }
    if (answer.identity && tickets.is_revoked(*answer.identity)) answer = {access::TicketAnswer::Kind::OutOfScope, {}};
    if (answer.identity) answer.identity->proof.peer = journey.visitor.identity.proof.peer;
    const bool helps = answer.kind == access::TicketAnswer::Kind::InScope && !journey.visitor.identity.authenticated();
    if (answer.kind == access::TicketAnswer::Kind::OutOfScope && !journey.visitor.identity.authenticated()) {
      journey.visitor.identity.proof.ticket = access::Proof::Ticket::OutOfScope;
    }
    decide(std::move(journey), helps ? answer.identity : std::nullopt);
  });
}

void handle_conference_request_ahead(Common& common, room::Visitor visitor, focus::ConferenceRequest request,
                                     ConferenceReply reply) {
  visitor.machine = request.machine_uid;
  if (request.session_id) {
    Station& tickets = *common.stations.front();
    const access::TicketAnswer answer = common.tickets->book().redeem(
        *request.session_id, request.machine_uid, request.room, tickets.rules(), tickets.loop().wall_now());
    if (answer.kind == access::TicketAnswer::Kind::Unknown) return reply(kSessionInvalid);
  }
  decide({common, std::move(visitor), std::move(request), NewWallet::No, std::move(reply)}, std::nullopt);
}

}  // namespace conclave::server
