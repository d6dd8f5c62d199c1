// Whatever the parser takes, it can write, and reads back as the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "xmpp/jid.h"
#include "xmpp/parser.h"

using namespace conclave::xmpp;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto element = parse(text)) {
    const std::string written = element->str();
    const auto again = parse(written);
    // Namespaces that were inherited are now written on each element, so that the text may have outgrown a frame.
    if (!again && again.error() == ParseError::TooBig && written.size() > kMaxFrameBytes) return 0;
    if (!again || again->str() != written || element->size_estimate() > written.size()) std::abort();
  }
  if (const auto jid = Jid::parse(text)) {
    const auto again = Jid::parse(jid->str());
    // Lower case or normal form may be longer than what was read.
    if (again ? *again != *jid : text.size() < kMaxJidPartBytes / 3) std::abort();
  }
  return 0;
}
