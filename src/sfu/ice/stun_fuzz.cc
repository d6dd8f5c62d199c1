// Parses arbitrary bytes as STUN; what parses is read in every way there is.
#include <cstdint>

#include "base/check.h"
#include "sfu/ice/ice_agent.h"
#include "sfu/ice/stun_message.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace conclave;
  using namespace conclave::ice;
  const Bytes datagram = std::as_bytes(std::span(data, size));
  (void)local_ufrag_of(datagram);
  const auto message = StunMessage::parse(datagram);
  if (!message) return 0;
  CONCLAVE_CHECK(looks_like_stun(datagram));
  (void)message->integrity("VOkJxbRl1RmTxUk/WvJxBt");
  (void)message->integrity("");
  CONCLAVE_CHECK(message->unknown_required().size() <= kMaxUnknownAttributes);

  // What we write from it reads back the same.
  StunWriter writer(message->message_class, message->method, message->transaction);
  if (message->username) writer.username(*message->username);
  if (message->priority) writer.priority(*message->priority);
  if (message->ice_controlling) writer.ice_controlling(*message->ice_controlling);
  if (message->xor_mapped_address) writer.xor_mapped_address(*message->xor_mapped_address);
  const auto bytes = writer.finish("key");
  const auto again = StunMessage::parse(bytes);
  CONCLAVE_CHECK(again.has_value());
  CONCLAVE_CHECK(again->integrity("key") == Integrity::Good);
  CONCLAVE_CHECK(again->message_class == message->message_class && again->method == message->method);
  CONCLAVE_CHECK(again->username == message->username && again->priority == message->priority);
  CONCLAVE_CHECK(again->ice_controlling == message->ice_controlling);
  CONCLAVE_CHECK(again->xor_mapped_address == message->xor_mapped_address);
  return 0;
}
