#include "sfu/outgoing.h"

namespace conclave::sfu {

void write_payload(ByteWriter& writer, Bytes payload, const rtp::Vp8Descriptor* vp8, const rtp::Vp9Descriptor* vp9,
                   const Projection::Numbers& numbers) {
  if (vp8 != nullptr && !payload.empty()) {
    rtp::write_vp8(writer, payload, *vp8, numbers.picture_id, numbers.tl0);
  } else if (vp9 != nullptr && !payload.empty()) {
    rtp::write_vp9(writer, payload, *vp9, numbers.picture_id, numbers.tl0);
  } else {
    writer.bytes(payload);
  }
}

}  // namespace conclave::sfu
