#pragma once
// What the domain itself answers: a table from the payload of an iq to the function that answers it. No meeting, no
// state.
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "xmpp/element.h"
#include "xmpp/session.h"

namespace conclave::xmpp {

class DomainServices {
 public:
  // Returns the whole answer; begin with result_of() or error_of().
  using Answer = std::function<Element(const Sender& sender, const Element& iq)>;
  enum class Type { Get, Set };

  // The last one for the same payload counts.
  void add(Type type, std::string_view payload, std::string_view xmlns, Answer answer);

  // The answer to an iq request, service-unavailable if nobody has one; nothing for all other stanzas. Its `from` is
  // the `to` of the request; if that was absent, there is none and the caller sets it.
  std::optional<Element> handle(const Sender& sender, const Element& stanza) const;

 private:
  using Key = std::pair<std::string, std::string>;
  std::map<Key, Answer> gets_;
  std::map<Key, Answer> sets_;
};

}  // namespace conclave::xmpp
