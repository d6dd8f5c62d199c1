#include "xmpp/tcp/plain_stream.h"

#include <algorithm>
#include <utility>

#include "xmpp/jid.h"
#include "xmpp/tcp/stream_text.h"

namespace conclave::xmpp::tcp {

std::string PlainStream::header(const std::string& from) {
  open_ = true;
  return header_text({from, random_.token(16)});
}

PlainStream::Answer PlainStream::fail(StreamError error) {
  std::string text = open_ ? std::string() : header(domains_.front());  // an error belongs to a stream (§4.9.1.2)
  return {(text += stream_error_frame(error)) += kStreamEnd, Then::Close};
}

PlainStream::Answer PlainStream::take(const Item& item) {
  if (const auto* error = std::get_if<ParseError>(&item)) return fail({std::string(condition(*error))});
  if (std::holds_alternative<StreamEnd>(item)) return {std::string(kStreamEnd), Then::Close};
  if (const auto* opening = std::get_if<StreamOpening>(&item)) return opened(*opening);
  if (!std::get<Element>(item).is("starttls", kTlsNamespace)) {
    return fail({"policy-violation", "Nothing is taken before STARTTLS"});
  }
  return {Element("proceed", kTlsNamespace).str(), Then::StartTls};
}

PlainStream::Answer PlainStream::opened(const StreamOpening& opening) {
  const std::optional<Jid> to = Jid::parse(opening.to);
  if (!to || std::ranges::count(domains_, to->str()) == 0) return fail({"host-unknown"});
  if (!opening.version.starts_with("1.")) return fail({"unsupported-version"});
  Element starttls("starttls", kTlsNamespace);
  starttls.add("required", kTlsNamespace);
  return {header(to->str()) + features_frame({starttls})};
}

}  // namespace conclave::xmpp::tcp
