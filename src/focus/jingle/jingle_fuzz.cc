// Any XML that a client can send as <jingle/>: read as answer and as sources; what is accepted must be writable again.
#include <cstdint>
#include <string_view>

#include "focus/jingle/answer.h"
#include "focus/jingle/sources_codec.h"
#include "xmpp/parser.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace conclave;
  xmpp::Parser parser;
  const auto jingle = parser.parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!jingle) return 0;
  (void)focus::read_answer(*jingle, "77be20d3");
  const auto read = focus::read_sources(*jingle, "77be20d3");
  if (!read) return 0;
  if (const auto checked = focus::add_sources("77be20d3", {}, *read, {})) {
    (void)focus::to_sfu(*checked);
    (void)focus::sources_jingle("source-add", "s", {{"77be20d3", focus::strip_simulcast(*checked)}}, true).str();
    (void)focus::sources_jingle("source-add", "s", {{"77be20d3", *checked}}, false).str();
  }
  return 0;
}
