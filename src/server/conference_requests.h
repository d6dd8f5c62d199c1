#pragma once
// The way of a conference request (signalling.md 4.1) through the loops:
//
//   session's loop ──► tickets' loop: redeem ──► room's loop: decide ──► tickets' loop: grant ──► session's loop: reply
//
// Hops to the loop one is on are plain calls; without a ticket the second station is skipped. A request over HTTP
// begins on the first loop and ends there.
#include "focus/conference_request.h"
#include "room/rooms.h"

namespace conclave::server {

struct Common;

// The end of a session takes the same way (Station::session_ended), so that it cannot overtake a request.
//
using ConferenceReply = UniqueFunction<void(const focus::ConferenceAnswer&)>;

// On the session's loop. Answers in every case, as long as the session lives; `reply` is called on any loop.
// `wallet` says whether a new wallet may be made, for which the session has been counted; Station::ticket_not_made
// takes it back if none is.
enum class NewWallet { No, Counted };
void handle_conference_request(Common& common, room::Visitor visitor, focus::ConferenceRequest request,
                               NewWallet wallet, ConferenceReply reply);
// Before there is a stream (signalling.md 4.2): on the first loop. A ticket gives nothing to a request that no stream
// makes, and none is made; one that does not count is told so, for the client to forget it.
void handle_conference_request_ahead(Common& common, room::Visitor visitor, focus::ConferenceRequest request,
                                     ConferenceReply reply);

}  // namespace conclave::server
