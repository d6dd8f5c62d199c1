// First byte: what the rest is. "p": a PLAIN message; else SCRAM messages, a line each: client-first, then
// client-final. Names and passwords that are read are prepared too.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sasl/plain.h"
#include "sasl/prepare.h"
#include "sasl/scram.h"

namespace {

using namespace conclave::sasl;

const ScramKeys& keys() {
  static const ScramKeys some = derive_keys(ScramHash::Sha1, "pencil", "salt", kMinIterations);
  return some;
}

void plain(std::string_view text) {
  const auto message = parse_plain(text);
  if (!message) return;
  (void)prepare_username(message->username);
  (void)prepare_username(message->authzid);
  (void)prepare_password(message->password);
}

void scram(std::string_view text) {
  const std::size_t cut = std::min(text.find('\n'), text.size());
  auto exchange = ScramExchange::begin(text.substr(0, cut));
  if (!exchange) return;
  (void)prepare_username(exchange->username());
  (void)exchange->challenge(keys(), "3rfcNHYJY1ZVvWVs7j");
  (void)exchange->finish(text.substr(std::min(cut + 1, text.size())));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 'p') {
    plain(text);
  } else {
    scram(text);
  }
  return 0;
}
