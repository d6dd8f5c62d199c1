#pragma once
// One audio or video source as its sender's endpoint receives it: the description, and for each encoding the state of reception.
// Owned by the sending endpoint, on its loop. Receivers refer to it by its slot, a small number within the conference.
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/key_frames.h"
#include "sfu/layers.h"
#include "sfu/media.h"
#include "sfu/nack.h"
#include "sfu/receive_order.h"
#include "sfu/retransmission.h"
#include "sfu/rtp/frame_dependencies.h"
#include "sfu/rtp/reception_statistics.h"

namespace conclave::sfu {

class Endpoint;

struct Encoding {
  std::uint32_t ssrc = 0;
  std::uint32_t rtx = 0;  // 0: none
  std::uint32_t clock_rate = 90000;
  rtp::ReceptionStatistics statistics;
  rtp::ReceptionStatistics rtx_statistics;
  ReceiveOrder order;
  NackTracker nack;
  std::uint8_t silent = 0;  // audio: packets of silence in a row
  std::optional<rtp::DependencyStructure> structure;  // of its dependency descriptors, from the first key frame on
  std::unique_ptr<PacketHistory> history;  // video, from the first packet on
};

struct PublishedSource {
  PublishedSource(Endpoint& sender, Source what);

  Endpoint& owner;
  Source description;
  std::uint32_t slot = 0;
  std::vector<Encoding> encodings;
  Layers layers;
  KeyFrameGap key_frame_gap{kMinKeyFrameGap};
  std::optional<VideoType> told_type;  // by SourceVideoTypeMessage, which goes before the signalling (media.md 15.3)
  std::optional<int> told_max_height;  // the last SenderSourceConstraints

  MediaKind kind() const { return description.kind; }
  bool is_video() const { return description.kind == MediaKind::Video; }
  VideoType video_type() const { return told_type.value_or(description.video_type); }
  bool enabled() const { return video_type() != VideoType::None; }
  SourceClass source_class() const {
    if (!is_video()) return SourceClass::Audio;
    const VideoType type = video_type();
    return type == VideoType::Desktop || type == VideoType::DesktopHighFps ? SourceClass::Desktop : SourceClass::Camera;
  }
  // What receivers know it by: the first of a SIM group.
  std::uint32_t primary_ssrc() const { return description.ssrcs.front(); }
  std::uint32_t primary_rtx() const { return description.rtx.empty() ? 0 : description.rtx.front(); }
};

}  // namespace conclave::sfu
