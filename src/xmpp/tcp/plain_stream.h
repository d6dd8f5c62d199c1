#pragma once
// A stream before TLS (RFC 6120 §5): it says that TLS is required, and takes nothing but the request for it. Pure.
#include <string>
#include <vector>

#include "base/random.h"
#include "xmpp/tcp/stream_parser.h"

namespace conclave::xmpp::tcp {

class PlainStream {
 public:
  enum class Then { GoOn, StartTls, Close };
  struct Answer {
    std::string text;  // to be sent in clear, before anything else
    Then then = Then::GoOn;
  };

  // `domains`: what `to` may be, the first for answers to those that are none. Both outlive it.
  PlainStream(const std::vector<std::string>& domains, Random& random) : domains_(domains), random_(random) {}

  Answer take(const Item& item);
  // Ends it with a stream error.
  Answer fail(StreamError error);

 private:
  Answer opened(const StreamOpening& opening);
  std::string header(const std::string& from);

  const std::vector<std::string>& domains_;
  Random& random_;
  bool open_ = false;
};

}  // namespace conclave::xmpp::tcp
