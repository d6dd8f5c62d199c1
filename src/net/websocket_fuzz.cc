// A client's frames, in pieces of the size that the first byte says.
#include <algorithm>

#include "base/check.h"
#include "net/http_target.h"
#include "net/websocket_frames.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace conclave;
  constexpr std::size_t kLimit = 4096;
  if (size == 0) return 0;
  const std::size_t piece = std::max<std::size_t>(1, data[0]);
  Bytes bytes = std::as_bytes(std::span(data, size)).subspan(1);
  WebSocketFrames frames(kLimit);
  while (!bytes.empty()) {
    const Bytes part = bytes.first(std::min(piece, bytes.size()));
    bytes = bytes.subspan(part.size());
    frames.receive(part);
    while (auto text = frames.next_text()) {
      CONCLAVE_CHECK(text->size() <= kLimit && is_utf8(*text));
      frames.send_text(*text);
    }
    (void)frames.take_output();
    if (frames.read_done()) CONCLAVE_CHECK(frames.final_code() >= 1000);
  }
  return 0;
}
