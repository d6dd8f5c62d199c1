#include "sfu/rtp/codec.h"

#include <algorithm>

#include "sfu/rtp/av1.h"
#include "sfu/rtp/h264.h"
#include "sfu/rtp/vp8.h"
#include "sfu/rtp/vp9.h"

namespace conclave::rtp {

Codec codec_of(std::string_view name) {
  if (name == "opus") return Codec::Opus;
  if (name == "red") return Codec::Red;
  if (name == "telephone-event") return Codec::TelephoneEvent;
  if (name == "vp8") return Codec::Vp8;
  if (name == "vp9") return Codec::Vp9;
  if (name == "h264") return Codec::H264;
  if (name == "av1") return Codec::Av1;
  if (name == "rtx") return Codec::Rtx;
  return Codec::Other;
}

FrameStart inspect(Codec codec, Bytes payload, Bytes dependency_descriptor) {
  FrameStart result;
  switch (codec) {
    case Codec::Vp8:
      if (const auto d = Vp8Descriptor::parse(payload)) {
        result.begins_key_frame = d->key_frame;
        result.temporal = d->temporal;
        result.heights[0] = std::min(d->width, d->height);
      }
      break;
    case Codec::Vp9:
      if (const auto d = Vp9Descriptor::parse(payload)) {
        result.begins_key_frame = d->key_frame && d->begins_frame && d->spatial == 0;
        result.spatial = d->spatial;
        result.temporal = d->temporal;
        result.heights = d->heights;
      }
      break;
    case Codec::H264:
      result.begins_key_frame = h264_begins_key_frame(payload);
      break;
    case Codec::Av1:
      if (const auto d = DependencyDescriptor::parse(dependency_descriptor)) {
        result.begins_key_frame = d->begins_frame && d->carries_structure;
      } else {
        result.begins_key_frame = av1_begins_sequence(payload);
      }
      break;
    default:
      // Nothing is known of it: any packet may be a beginning, and a receiver that cannot use it will say so.
      result.begins_key_frame = true;
      break;
  }
  result.height = *std::ranges::max_element(result.heights);
  return result;
}

}  // namespace conclave::rtp
