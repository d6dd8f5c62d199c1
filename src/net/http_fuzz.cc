// One connection's bytes through the request parser, whole and in pieces of the size that the first byte says: both must agree.
#include <algorithm>
#include <string>

#include "base/check.h"
#include "net/http_parser.h"
#include "net/websocket_handshake.h"

namespace {

using namespace conclave;

struct Outcome {
  std::string seen;
  bool refused = false;
};

Outcome run(std::string_view bytes, std::size_t piece) {
  Outcome outcome;
  HttpRequestParser parser;
  std::string waiting;
  while (!bytes.empty()) {
    const auto part = bytes.substr(0, piece);
    bytes.remove_prefix(part.size());
    waiting.append(part);
    while (!waiting.empty()) {
      const auto used = parser.receive(waiting);
      if (!used) {
        CONCLAVE_CHECK(used.error().status >= 400 && used.error().status < 600);
        outcome.refused = true;
        return outcome;
      }
      waiting.erase(0, *used);
      if (!parser.done()) {
        CONCLAVE_CHECK(waiting.size() <= kMaxRequestHeadBytes + piece);
        break;
      }
      const HttpRequest request = parser.take();
      CONCLAVE_CHECK(request.path == "*" || request.path.front() == '/');
      CONCLAVE_CHECK(request.path.find("/../") == std::string::npos && !request.path.ends_with("/.."));
      CONCLAVE_CHECK(request.path.find('\0') == std::string::npos);
      CONCLAVE_CHECK(request.body.size() <= kMaxRequestBodyBytes && request.headers.size() <= kMaxHeaders);
      if (wants_websocket(request)) (void)websocket_refusal(request);
      outcome.seen += request.method + " " + request.path + "\n" + request.body + "\n";
    }
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = run(bytes, std::string_view::npos / 2);
  const Outcome pieces = run(bytes, std::max<std::size_t>(1, data[0]));
  // Refusals may come earlier in pieces (a limit is looked at whenever bytes arrive), what was accepted may not differ.
  if (!whole.refused && !pieces.refused) CONCLAVE_CHECK(whole.seen == pieces.seen);
  return 0;
}
