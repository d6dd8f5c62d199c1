#pragma once
// One XML document as an Element: a WebSocket frame (RFC 7395 §3.1). Over expat, with namespaces, in one go. Refused,
// as RFC 6120 §11.1 asks: document types, entities other than the five, processing instructions, comments; and whatever
// exceeds a limit.
//
// Prefixes may be declared anywhere in the document; they are resolved here and gone afterwards. An element without a
// namespace counts as jabber:client. Attributes of a foreign namespace keep it in their name (see Element).
#include <cstddef>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "xmpp/element.h"

namespace conclave::xmpp {

inline constexpr std::size_t kMaxFrameBytes = 256 * 1024;
inline constexpr std::size_t kMaxDepth = 32;       // the root is 1
inline constexpr std::size_t kMaxAttributes = 64;  // of one element
inline constexpr std::size_t kMaxElements = 4096;  // of one document; a session-accept with every codec has about 600
inline constexpr std::size_t kMaxNameBytes = 256;  // of an element's or attribute's local name
inline constexpr std::size_t kMaxNamespaceBytes = 512;

// WrongHeader: a stream of bytes that does not begin as RFC 6120 §4.7 says.
enum class ParseError { NotWellFormed, Restricted, TooBig, WrongHeader };
// The stream error condition that answers it (RFC 6120 §4.9.3).
std::string_view condition(ParseError error);

// Reusable, so that a stanza does not pay for a new expat parser. One loop.
class Parser {
 public:
  Parser();
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  [[nodiscard]] Result<Element, ParseError> parse(std::string_view document);

 private:
  struct Tree;
  std::unique_ptr<Tree> tree_;
};

// With a parser of its own: for tests and rare callers.
[[nodiscard]] Result<Element, ParseError> parse(std::string_view document);

}  // namespace conclave::xmpp
