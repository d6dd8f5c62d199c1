// Feeds packets to both directions of one session. The first byte says which call; with an odd second byte the packet is protected by
// the peer first, so that what lies behind authentication is reached too.
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "sfu/srtp/srtp_session.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace conclave;
  using namespace conclave::srtp;
  static const Library library;
  ByteReader script(std::as_bytes(std::span(data, size)));
  KeyingMaterial keys;
  keys.profile = (script.u8() & 1) != 0 ? Profile::AeadAes128Gcm : Profile::Aes128CmSha180;
  keys.client.key[0] = std::byte{1};
  SrtpSession server(library, keys, Side::Server);
  SrtpSession client(library, keys, Side::Client);
  while (script.left() > 0) {
    const bool control = (script.u8() & 1) != 0;
    const bool genuine = (script.u8() & 1) != 0;
    const Bytes packet = script.bytes(std::min<std::size_t>(script.u8(), script.left()));
    std::vector<std::byte> buffer(packet.begin(), packet.end());
    if (genuine) {
      buffer.resize(packet.size() + kMaxTrailerBytes);
      const auto sealed = control ? client.protect_rtcp(buffer, packet.size()) : client.protect_rtp(buffer, packet.size());
      if (!sealed) continue;
      CONCLAVE_CHECK(*sealed <= buffer.size());
      buffer.resize(*sealed);
    }
    buffer.shrink_to_fit();  // so that the sanitizer sees a read past the end
    const auto clear = control ? server.unprotect_rtcp(buffer) : server.unprotect_rtp(buffer);
    CONCLAVE_CHECK(!clear || *clear <= buffer.size());
    CONCLAVE_CHECK(genuine || !clear);
  }
  return 0;
}
