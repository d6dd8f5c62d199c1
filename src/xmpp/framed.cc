#include "xmpp/framed.h"

#include <utility>

#include "xmpp/framing.h"

namespace conclave::xmpp {

void receive_frame(Sessions& sessions, ConnectionId connection, Parser& parser, std::string_view frame) {
  Result<Element, ParseError> read = parser.parse(frame);
  if (!read) return sessions.unreadable(connection, read.error());
  if (read->is("close", kFramingNamespace)) return sessions.finished(connection);
  if (read->is("open", kFramingNamespace)) {
    return sessions.opened(connection, {std::string(read->attribute("to")), std::string(read->attribute("version"))});
  }
  sessions.received(connection, std::move(*read));
}

}  // namespace conclave::xmpp
