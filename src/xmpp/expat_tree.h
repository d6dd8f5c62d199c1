#pragma once
// For the parsers of this folder and of tcp/: what expat reports, as elements, with the limits of parser.h. The one
// user of expat.
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xmpp/parser.h"

namespace conclave::xmpp {

class ExpatTree {
 public:
  // Document: its one element is the root. Stream: the first tag is kept as header(), and each element inside it is a
  // root in its turn (RFC 6120 §4.1).
  enum class Kind { Document, Stream };
  enum class Piece { More, Last };

  ExpatTree();
  ~ExpatTree();
  ExpatTree(const ExpatTree&) = delete;
  ExpatTree& operator=(const ExpatTree&) = delete;

  void begin(Kind kind);
  // Nothing after an error. Of a stream, a piece may end at most one element: it is to be cut at each '>'.
  [[nodiscard]] std::optional<ParseError> take(std::string_view bytes, Piece piece);

  const std::optional<Element>& header() const { return header_; }
  const std::optional<Element>& root() const { return root_; }
  std::optional<Element> take_root() { return std::exchange(root_, std::nullopt); }
  bool inside_element() const { return !open_.empty(); }
  bool stream_ended() const { return stream_ended_; }
  // How often expat reported anything: what it does not report it keeps.
  std::size_t reports() const { return reports_; }

 private:
  struct Expat;

  void refuse(ParseError error);
  void start(const char* reported, const char** attributes);
  void end();
  void text(std::string_view text);

  std::unique_ptr<Expat> expat_;
  Kind kind_ = Kind::Document;
  std::vector<Element> open_;
  std::vector<std::string> texts_;  // of the open elements
  std::optional<Element> header_;
  std::optional<Element> root_;
  std::size_t elements_ = 0;
  std::optional<ParseError> refused_;
  bool stream_ended_ = false;
  std::size_t reports_ = 0;
};

}  // namespace conclave::xmpp
