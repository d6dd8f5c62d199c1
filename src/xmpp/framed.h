#pragma once
// RFC 7395: the frames of a WebSocket, read for the streams of Sessions. One frame is one document; <open/> and
// <close/> stand for the header and the end of a stream.
#include <string_view>

#include "xmpp/parser.h"
#include "xmpp/sessions.h"

namespace conclave::xmpp {

void receive_frame(Sessions& sessions, ConnectionId connection, Parser& parser, std::string_view frame);

}  // namespace conclave::xmpp
