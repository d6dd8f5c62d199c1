#include "sfu/pictures/decoder.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/log.h>
}

namespace conclave::sfu::pictures {
namespace {

// libvpx and dav1d, as in browsers: of a picture with several spatial layers they show the highest.
const char* decoder_name(rtp::Codec codec) {
  switch (codec) {
    case rtp::Codec::Vp8: return "vp8";
    case rtp::Codec::Vp9: return "libvpx-vp9";
    case rtp::Codec::H264: return "h264";
    case rtp::Codec::Av1: return "libdav1d";
    default: return "";
  }
}

}  // namespace

Decoder::Decoder(rtp::Codec codec) : packet_(av_packet_alloc()), frame_(av_frame_alloc()) {
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* found = avcodec_find_decoder_by_name(decoder_name(codec));
  CONCLAVE_CHECK(found != nullptr);
  context_ = avcodec_alloc_context3(found);
  context_->err_recognition = AV_EF_EXPLODE | AV_EF_BITSTREAM | AV_EF_BUFFER;
  context_->flags |= AV_CODEC_FLAG_LOW_DELAY;
  context_->thread_count = 1;
  context_->error_concealment = 0;
  CONCLAVE_CHECK(avcodec_open2(context_, found, nullptr) == 0);
}

Decoder::~Decoder() {
  avcodec_free_context(&context_);
  av_packet_free(&packet_);
  av_frame_free(&frame_);
}

std::optional<Picture> Decoder::decode(Bytes bytes) {
  CONCLAVE_CHECK(av_new_packet(packet_, static_cast<int>(bytes.size())) == 0);
  std::memcpy(packet_->data, bytes.data(), bytes.size());
  const int sent = avcodec_send_packet(context_, packet_);
  av_packet_unref(packet_);
  if (sent != 0) {
    ++errors_;
    return std::nullopt;
  }
  std::optional<Picture> shown;
  int received = 0;
  while ((received = avcodec_receive_frame(context_, frame_)) == 0) {
    if (frame_->decode_error_flags != 0 || (frame_->flags & AV_FRAME_FLAG_CORRUPT) != 0) ++errors_;
    Picture picture({frame_->width, frame_->height});
    std::vector<std::uint8_t>* planes[] = {&picture.y, &picture.u, &picture.v};
    for (std::size_t plane = 0; plane < 3; ++plane) {
      const int width = plane == 0 ? frame_->width : frame_->width / 2;
      const int height = plane == 0 ? frame_->height : frame_->height / 2;
      for (int row = 0; row < height; ++row) {
        std::copy_n(frame_->data[plane] + row * frame_->linesize[plane], width, planes[plane]->begin() + row * width);
      }
    }
    shown = std::move(picture);
    av_frame_unref(frame_);
  }
  if (received != AVERROR(EAGAIN)) ++errors_;
  return shown;
}

}  // namespace conclave::sfu::pictures
