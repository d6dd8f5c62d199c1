#pragma once
// H.264 in RTP (RFC 6184 §5): where a key frame begins.
#include "base/byte_reader.h"

namespace conclave::rtp {

// The packet carries the start of a sequence parameter set, alone, in a STAP-A or as the first fragment of an FU-A. Browsers send one
// in front of each IDR picture, and without it the picture behind is of no use to a decoder that has just been switched.
bool h264_begins_key_frame(Bytes payload);

}  // namespace conclave::rtp
