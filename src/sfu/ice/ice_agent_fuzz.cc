// Plays a script against one agent. Each step: an operation, an address, and for datagrams a length and bytes. The bytes of a request
// can be sealed with the agent's own password and of a response with its last transaction, so that the fuzzer gets past integrity.
#include <cstdint>
#include <string>
#include <vector>

#include "base/check.h"
#include "sfu/ice/ice_agent.h"

namespace {

using namespace conclave;
using namespace conclave::ice;

const std::string kPeerUfrag = "peer";
const std::string kPeerPwd = "peerpeerpeerpeerpeerpeer";

struct Play {
  explicit Play(ByteReader script) : reader(script) {}

  void drain() {
    std::size_t datagrams = 0;
    while (const auto datagram = agent.next_datagram()) {
      const auto message = StunMessage::parse(datagram->bytes);
      CONCLAVE_CHECK(message.has_value());
      if (message->message_class == StunClass::Request) last_check = message->transaction;
      CONCLAVE_CHECK(++datagrams <= kMaxQueuedDatagrams);
    }
    while (agent.next_event()) {
    }
    CONCLAVE_CHECK(!agent.deadline() || agent.is_connected() || agent.counters().checks_sent > 0 || remote_known);
  }

  void step() {
    const std::uint8_t operation = reader.u8();
    const Address from = Address::v4(0xc0000200u + reader.u8() % 64, static_cast<std::uint16_t>(5000 + operation / 32));
    switch (operation % 8) {
      case 0: now += std::chrono::milliseconds(reader.u8()); break;
      case 1: now = agent.deadline().value_or(now + 1s); agent.advance(now); break;
      case 2: agent.receive(now, from, reader.bytes(std::min<std::size_t>(reader.u8(), reader.left()))); break;
      case 3:
      case 4: request(from, reader.u8()); break;
      case 5: respond(from, reader.u8()); break;
      case 6: {
        Candidate candidate = host_candidate(from);
        candidate.type = static_cast<CandidateType>(reader.u8() % 4);
        remote_known = agent.set_remote(now, {kPeerUfrag, kPeerPwd}, {candidate}) || remote_known;
        break;
      }
      case 7: now += std::chrono::seconds(reader.u8()); agent.advance(now); break;
    }
    drain();
  }

  void request(const Address& from, std::uint8_t flags) {
    TransactionId transaction{};
    transaction[0] = static_cast<std::byte>(flags);
    StunWriter writer(StunClass::Request, kBindingMethod, transaction);
    writer.username(agent.local().ufrag + ":" + (flags & 1 ? kPeerUfrag : "other")).priority(flags * 1000u);
    if (flags & 2) writer.use_candidate();
    if (flags & 4) writer.ice_controlling(flags & 8 ? ~std::uint64_t{0} : 0);
    if (flags & 16) writer.ice_controlled(flags & 8 ? ~std::uint64_t{0} : 0);
    agent.receive(now, from, writer.finish(flags & 32 ? "wrong" : agent.local().pwd));
  }

  void respond(const Address& from, std::uint8_t flags) {
    StunWriter writer(flags & 1 ? StunClass::Error : StunClass::Success, kBindingMethod, last_check);
    if (flags & 1) {
      writer.error_code(flags & 2 ? kRoleConflict : kUnauthenticated, "");
    } else {
      writer.xor_mapped_address(from);
    }
    agent.receive(now, flags & 4 ? from : agent.selected().value_or(from), writer.finish(kPeerPwd));
  }

  ByteReader reader;
  TimePoint now{};
  SeededRandom random{1};
  IceAgent agent{random, now};
  TransactionId last_check{};
  bool remote_known = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Play play(ByteReader(std::as_bytes(std::span(data, size))));
  while (play.reader.left() > 0) play.step();
  return 0;
}
