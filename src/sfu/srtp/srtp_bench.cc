// Packets per second of one session, for the sizes of a video and an audio packet.
#include <benchmark/benchmark.h>

#include <array>

#include "base/random.h"
#include "sfu/srtp/srtp_session.h"

namespace conclave::srtp {
namespace {

KeyingMaterial material(Profile profile) {
  SeededRandom random(1);
  KeyingMaterial keys;
  keys.profile = profile;
  for (MasterKey* master : {&keys.client, &keys.server}) {
    random.fill(master->key);
    random.fill(master->salt);
  }
  return keys;
}

void write_header(MutableBytes packet, std::uint16_t seq) {
  ByteWriter writer(packet);
  writer.u16(0x8060);
  writer.u16(seq);
  writer.u32(0);
  writer.u32(1);
}

void protect(benchmark::State& state) {
  const Library library;
  SrtpSession session(library, material(static_cast<Profile>(state.range(0))), Side::Server);
  const auto bytes = static_cast<std::size_t>(state.range(1));
  std::array<std::byte, 1500> buffer{};
  std::uint16_t seq = 0;
  for (auto _ : state) {
    write_header(buffer, seq++);
    benchmark::DoNotOptimize(session.protect_rtp(buffer, bytes));
  }
  state.SetItemsProcessed(state.iterations());
}

void protect_and_unprotect(benchmark::State& state) {
  const Library library;
  const KeyingMaterial keys = material(static_cast<Profile>(state.range(0)));
  SrtpSession server(library, keys, Side::Server);
  SrtpSession client(library, keys, Side::Client);
  const auto bytes = static_cast<std::size_t>(state.range(1));
  std::array<std::byte, 1500> buffer{};
  std::uint16_t seq = 0;
  for (auto _ : state) {
    write_header(buffer, seq++);
    const auto length = client.protect_rtp(buffer, bytes);
    benchmark::DoNotOptimize(server.unprotect_rtp(MutableBytes(buffer).first(length.value_or(0))));
  }
  state.SetItemsProcessed(state.iterations());
}

// First argument: 0 GCM, 1 AES-CM with SHA1-80. Second: bytes of the packet.
BENCHMARK(protect)->ArgsProduct({{0, 1}, {160, 1200}});
BENCHMARK(protect_and_unprotect)->ArgsProduct({{0, 1}, {160, 1200}});

}  // namespace
}  // namespace conclave::srtp

BENCHMARK_MAIN();
