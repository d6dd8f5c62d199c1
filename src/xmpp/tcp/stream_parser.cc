#include "xmpp/tcp/stream_parser.h"

#include <utility>

#include "xmpp/framing.h"

namespace conclave::xmpp::tcp {
namespace {

bool is_white(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

}  // namespace

StreamParser::StreamParser() {
  restart();
}

void StreamParser::restart() {
  tree_.begin(ExpatTree::Kind::Stream);
  header_.clear();
  opened_ = over_ = false;
  pending_ = unreported_ = since_renewal_ = 0;
}

std::optional<Item> StreamParser::next(std::string_view& bytes) {
  while (!over_) {
    if (tree_.stream_ended()) {
      over_ = true;
      bytes = {};
      return StreamEnd{};
    }
    if (bytes.empty()) return std::nullopt;
    // Every item ends with this character, so a piece that ends there ends one item at most.
    const std::size_t end = bytes.find('>');
    const std::string_view piece = bytes.substr(0, end == std::string_view::npos ? bytes.size() : end + 1);
    bytes.remove_prefix(piece.size());
    if (auto item = take(piece)) return item;
  }
  bytes = {};
  return std::nullopt;
}

std::optional<Item> StreamParser::take(std::string_view piece) {
  pending_ += piece.size();
  since_renewal_ += piece.size();
  if (pending_ > (opened_ ? kMaxFrameBytes : kMaxHeaderBytes)) return fail(ParseError::TooBig);
  if (!opened_) header_ += piece;
  const std::size_t reports = tree_.reports();
  if (const auto error = tree_.take(piece, ExpatTree::Piece::More)) return fail(*error);
  unreported_ = tree_.reports() == reports ? unreported_ + piece.size() : 0;
  if (unreported_ > kMaxTagBytes) return fail(ParseError::TooBig);
  if (!opened_) return tree_.header() ? header() : std::nullopt;
  if (auto element = tree_.take_root()) {
    pending_ = 0;
    renew_if_worn();
    return *std::move(element);
  }
  // Keepalives (§4.6.1) are no part of the element that follows.
  if (!tree_.inside_element() && pending_ == piece.size() && is_white(piece)) pending_ = unreported_ = 0;
  return std::nullopt;
}

std::optional<Item> StreamParser::header() {
  opened_ = true;
  pending_ = 0;
  const Element& said = *tree_.header();
  if (!said.is("stream", kStreamsNamespace)) return fail(ParseError::WrongHeader);
  return StreamOpening{std::string(said.attribute("to")), std::string(said.attribute("version"))};
}

std::optional<Item> StreamParser::fail(ParseError error) {
  over_ = true;
  return error;
}

void StreamParser::renew_if_worn() {
  if (since_renewal_ <= kMaxBytesPerParser || tree_.stream_ended()) return;
  since_renewal_ = 0;
  tree_.begin(ExpatTree::Kind::Stream);
  // It was read before: what it declares counts for all that follows.
  (void)tree_.take(header_, ExpatTree::Piece::More);
}

}  // namespace conclave::xmpp::tcp
