#include "xmpp/parser.h"

#include "xmpp/expat_tree.h"

namespace conclave::xmpp {

std::string_view condition(ParseError error) {
  switch (error) {
    case ParseError::NotWellFormed:
      return "not-well-formed";
    case ParseError::Restricted:
      return "restricted-xml";
    case ParseError::TooBig:
      return "policy-violation";
    case ParseError::WrongHeader:
      return "invalid-namespace";
  }
  return "not-well-formed";
}

struct Parser::Tree : ExpatTree {};

Parser::Parser() : tree_(std::make_unique<Tree>()) {}
Parser::~Parser() = default;

Result<Element, ParseError> Parser::parse(std::string_view document) {
  if (document.size() > kMaxFrameBytes) return failure(ParseError::TooBig);
  Tree& tree = *tree_;
  tree.begin(ExpatTree::Kind::Document);
  if (const auto error = tree.take(document, ExpatTree::Piece::Last)) return failure(*error);
  if (!tree.root()) return failure(ParseError::NotWellFormed);
  return *tree.take_root();
}

Result<Element, ParseError> parse(std::string_view document) {
  return Parser().parse(document);
}

}  // namespace conclave::xmpp
