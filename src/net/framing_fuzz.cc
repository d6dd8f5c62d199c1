// A connection's bytes through the deframer, whole and in pieces of the size that the first byte says: both must agree.
// And whatever the first bytes are, they are judged after so many.
#include <algorithm>
#include <string>
#include <vector>

#include "base/check.h"
#include "net/framing.h"

namespace {

using namespace conclave;

std::vector<std::string> run(Bytes bytes, std::size_t piece) {
  std::vector<std::string> seen;
  Deframer deframer;
  while (!bytes.empty()) {
    Bytes part = bytes.first(std::min(piece, bytes.size()));
    bytes = bytes.subspan(part.size());
    while (!part.empty()) {
      const std::size_t used = deframer.receive(part);
      CONCLAVE_CHECK(used <= part.size());
      if (deframer.too_long()) {
        seen.emplace_back("too long");
        return seen;
      }
      CONCLAVE_CHECK(used > 0);
      part = part.subspan(used);
      if (!deframer.whole()) continue;
      CONCLAVE_CHECK(!deframer.packet().empty() && deframer.packet().size() <= kMaxFrameBytes);
      seen.emplace_back(as_text(deframer.packet()));
    }
  }
  return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes bytes = std::as_bytes(std::span(data + 1, size - 1));
  CONCLAVE_CHECK(run(bytes, bytes.size() + 1) == run(bytes, std::size_t{data[0]} + 1));
  CONCLAVE_CHECK(bytes.size() < kMostFirstBytes || first_bytes(bytes) != FirstBytes::Undecided);
  return 0;
}
