// A bridge channel message of any content: what is accepted can be written again and read back.
#include <cstdint>

#include "base/check.h"
#include "sfu/bridge_channel.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace conclave;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto message = sfu::parse_channel_message(text, "77be20d3");
  if (!message) return 0;
  if (const auto* relayed = std::get_if<sfu::RelayedMessage>(&*message)) {
    const auto again = sfu::parse_channel_message(relayed->text, "77be20d3");
    CONCLAVE_CHECK(again && std::get<sfu::RelayedMessage>(*again).text == relayed->text);
  }
  return 0;
}
