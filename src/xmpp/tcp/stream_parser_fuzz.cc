// A stream says the same whether its bytes come in one piece or one by one, and what it says can be written and read
// again.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "xmpp/tcp/stream_parser.h"

using namespace conclave::xmpp;

namespace {

std::string text_of(const tcp::Item& item) {
  if (const auto* opening = std::get_if<StreamOpening>(&item)) return "open " + opening->to + ' ' + opening->version;
  if (const auto* element = std::get_if<Element>(&item)) return element->str();
  if (const auto* error = std::get_if<ParseError>(&item)) return "error " + std::string(condition(*error));
  return "end";
}

void read(tcp::StreamParser& parser, std::string_view bytes, std::vector<std::string>& items) {
  while (auto item = parser.next(bytes)) {
    items.push_back(text_of(*item));
    const auto* element = std::get_if<Element>(&*item);
    if (element != nullptr && !parse(items.back())) {
      std::fprintf(stderr, "cannot be read again: %s\n", items.back().c_str());
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> whole;
  tcp::StreamParser parser;
  read(parser, all, whole);
  std::vector<std::string> one_by_one;
  parser.restart();
  for (const char& one : all) read(parser, {&one, 1}, one_by_one);
  if (whole == one_by_one) return 0;
  std::fprintf(stderr, "%zu items in one piece, %zu one by one\n", whole.size(), one_by_one.size());
  std::abort();
}
