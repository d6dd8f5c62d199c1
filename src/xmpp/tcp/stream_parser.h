#pragma once
// A stream of bytes as RFC 6120 §4 has it, cut into what it says: a header, elements, an end. Over expat, with the
// limits and refusals of xmpp/parser.h. Pure; one stream.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "xmpp/expat_tree.h"
#include "xmpp/parser.h"
#include "xmpp/stream.h"

namespace conclave::xmpp::tcp {

inline constexpr std::size_t kMaxHeaderBytes = 4 * 1024;
// A tag that is not complete is looked at again with each piece that comes, so its length bounds that work.
inline constexpr std::size_t kMaxTagBytes = 32 * 1024;
// expat keeps every name that it has seen. After so much it begins anew, between two elements.
inline constexpr std::size_t kMaxBytesPerParser = 1024 * 1024;

struct StreamEnd {};
using Item = std::variant<StreamOpening, Element, StreamEnd, ParseError>;

class StreamParser {
 public:
  StreamParser();

  // A new stream on the same connection (§4.3.3): what comes next is a header.
  void restart();
  // Takes `bytes` up to the end of one item, and cuts off what it took. Nothing: all was taken, and more is needed.
  // After an end or an error everything is taken and says nothing.
  std::optional<Item> next(std::string_view& bytes);

 private:
  std::optional<Item> take(std::string_view piece);
  std::optional<Item> fail(ParseError error);
  std::optional<Item> header();
  void renew_if_worn();

  ExpatTree tree_;
  std::string header_;  // as it came
  bool opened_ = false;
  bool over_ = false;
  std::size_t pending_ = 0;     // bytes since the last item
  std::size_t unreported_ = 0;  // bytes since expat last reported anything
  std::size_t since_renewal_ = 0;
};

}  // namespace conclave::xmpp::tcp
