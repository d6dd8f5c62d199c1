#include "xmpp/tcp/stream_text.h"

namespace conclave::xmpp::tcp {

std::string header_text(const StreamHeader& header) {
  std::string text =
      R"(<?xml version="1.0"?><stream:stream xmlns="jabber:client" xmlns:stream="http://etherx.jabber.org/streams" from=")";
  append_escaped(text, header.from);
  text += R"(" id=")";
  append_escaped(text, header.id);
  return text += R"(" version="1.0" xml:lang="en">)";
}

}  // namespace conclave::xmpp::tcp
