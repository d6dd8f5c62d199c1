#include "sfu/negotiated.h"

namespace conclave::sfu {

Negotiated::Negotiated(const MediaDescription& media) : extensions(media.extensions) {
  for (const PayloadType& type : media.payload_types) {
    if (type.id > 127) continue;
    NegotiatedPayload& entry = payloads[type.id];
    entry.known = true;
    entry.codec = rtp::codec_of(type.codec);
    entry.clock_rate = type.clock_rate == 0 ? 90000 : type.clock_rate;
    entry.kind = rtp::is_video(entry.codec) || entry.codec == rtp::Codec::Rtx ? MediaKind::Video : MediaKind::Audio;
    // A video codec that we have no name for (VP8's successors) still says so by its clock.
    if (entry.codec == rtp::Codec::Other && entry.clock_rate == 90000) entry.kind = MediaKind::Video;
  }
  for (const PayloadType& type : media.payload_types) {
    if (type.id <= 127 && first_video == 0 && rtp::is_video(payloads[type.id].codec)) first_video = type.id;
    if (type.id > 127 || !type.associated || *type.associated > 127 || payloads[type.id].codec != rtp::Codec::Rtx) continue;
    payloads[type.id].original = *type.associated;
    if (payloads[*type.associated].known) payloads[*type.associated].rtx = type.id;
  }
}

}  // namespace conclave::sfu
