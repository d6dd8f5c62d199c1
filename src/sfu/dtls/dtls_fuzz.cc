// Without a leading zero: the bytes go, cut into datagrams, to a server. With it: a client and a server talk and each byte says what
// happens to the next datagram (deliver, drop, double, flip a bit, replace by bytes of the input).
#include <cstdint>
#include <vector>

#include "base/check.h"
#include "sfu/dtls/dtls_session.h"

namespace {

using namespace conclave;
using namespace conclave::dtls;

const Certificate& certificate() {
  static SeededRandom random(1);
  static const Certificate made(random, WallTime(std::chrono::seconds(1'700'000'000)));
  return made;
}

void drain_into(DtlsSession& from, DtlsSession* to, ByteReader& script, TimePoint now) {
  while (auto datagram = from.next_datagram()) {
    CONCLAVE_CHECK(datagram->size() <= kMtuBytes);
    if (to == nullptr) continue;
    switch (script.u8() % 8) {  // zero past the end: deliver
      case 1: continue;
      case 2: to->receive(now, *datagram); break;
      case 3: (*datagram)[script.u16() % datagram->size()] ^= std::byte{1}; break;
      case 4: {
        const Bytes made = script.bytes(std::min<std::size_t>(script.u8(), script.left()));
        datagram->assign(made.begin(), made.end());
        break;
      }
      default: break;
    }
    to->receive(now, *datagram);
  }
}

void check(DtlsSession& session) {
  while (session.next_event()) {
  }
  CONCLAVE_CHECK(session.keying_material().has_value() == (session.state() == DtlsSession::State::Connected) ||
                 session.state() == DtlsSession::State::Closed);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  ByteReader script(std::as_bytes(std::span(data, size)));
  TimePoint now{};
  DtlsSession server(certificate(), Role::Server, now);
  if (size == 0 || data[0] != 0) {
    while (script.left() > 0) {
      server.receive(now, script.bytes(std::min<std::size_t>(script.left(), 1 + script.u16() % 1500)));
      drain_into(server, nullptr, script, now);
      check(server);
    }
    return 0;
  }
  script.skip(1);
  DtlsSession client(certificate(), Role::Client, now);
  server.set_remote_fingerprints(now, {certificate().fingerprint()});
  client.set_remote_fingerprints(now, {certificate().fingerprint()});
  for (int turn = 0; turn < 12; ++turn) {
    drain_into(client, &server, script, now);
    drain_into(server, &client, script, now);
    check(client);
    check(server);
    now = client.deadline().value_or(now + 100ms);
    client.advance(now);
    server.advance(now);
  }
  return 0;
}
