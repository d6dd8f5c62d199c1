// Every parser of RTP over the same bytes; what was parsed is written again, which must stay within the buffer.
#include <array>
#include <cstdint>

#include "base/check.h"
#include "sfu/rtp/av1.h"
#include "sfu/rtp/codec.h"
#include "sfu/rtp/frame_dependencies.h"
#include "sfu/rtp/packet.h"
#include "sfu/rtp/red.h"
#include "sfu/rtp/vp8.h"
#include "sfu/rtp/vp9.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace conclave;
  const Bytes input = std::as_bytes(std::span(data, size));
  std::array<std::byte, 4096> buffer;
  const auto header = rtp::Header::parse(input);
  if (!header) return 0;
  std::array<rtp::Extension, 32> elements;
  std::size_t count = 0;
  rtp::ExtensionReader reader(header->extensions);
  while (const auto extension = reader.next()) {
    if (count < elements.size()) elements[count++] = *extension;
  }
  const auto payload = rtp::payload_of(input, *header);
  if (!payload) return 0;
  ByteWriter writer(buffer);
  rtp::write_header(writer, {.sequence = header->sequence, .ssrc = header->ssrc}, std::span(elements).first(count));
  if (writer.ok()) {
    const auto again = rtp::Header::parse(writer.written());
    CONCLAVE_CHECK(again && again->sequence == header->sequence && again->ssrc == header->ssrc);
  }
  for (const auto codec : {rtp::Codec::Vp8, rtp::Codec::Vp9, rtp::Codec::H264, rtp::Codec::Av1}) {
    (void)rtp::inspect(codec, *payload, count > 0 ? elements[0].data : Bytes());
  }
  if (const auto primary = rtp::red_primary(*payload)) CONCLAVE_CHECK(primary->payload.size() < payload->size());
  // The first element brings the structure, the others refer to it; what is rewritten says the same.
  std::optional<rtp::DependencyStructure> structure;
  for (std::size_t i = 0; i < count; ++i) {
    const auto dependencies = rtp::FrameDependencies::parse(elements[i].data, structure);
    if (!dependencies) continue;
    const rtp::DescriptorChange change{
        .number = 9, .targets = structure->target_count, .active_at = dependencies->active_at, .active = structure->active};
    auto other = structure;
    const auto again = rtp::FrameDependencies::parse(rtp::rewrite_descriptor(elements[i].data, change, buffer), other);
    CONCLAVE_CHECK(again && again->number == 9 && again->spatial == dependencies->spatial && again->indications == dependencies->indications);
    CONCLAVE_CHECK(other->active == structure->active);
  }
  if (const auto vp8 = rtp::Vp8Descriptor::parse(*payload)) {
    ByteWriter rewritten(buffer);
    rtp::write_vp8(rewritten, *payload, *vp8, 1, 2);
    if (rewritten.ok()) {
      const auto again = rtp::Vp8Descriptor::parse(rewritten.written());
      CONCLAVE_CHECK(again && (!vp8->picture_id || again->picture_id == 1));
      CONCLAVE_CHECK(!vp8->tl0_picture_index || again->tl0_picture_index == 2);
    }
  }
  return 0;
}
