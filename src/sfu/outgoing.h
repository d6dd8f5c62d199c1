#pragma once
// The payload of a forwarded packet under the numbers of its receiver.
#include "base/byte_reader.h"
#include "sfu/projection.h"

namespace conclave::sfu {

// VP8's and VP9's descriptors are written anew, all else goes as it is.
void write_payload(ByteWriter& writer, Bytes payload, const rtp::Vp8Descriptor* vp8, const rtp::Vp9Descriptor* vp9,
                   const Projection::Numbers& numbers);

}  // namespace conclave::sfu
