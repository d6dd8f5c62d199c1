// H.264 simulcast of x264 by libavcodec: constrained baseline, parameter sets before each IDR picture, no delay.
#include <algorithm>

#include "base/check.h"
#include "sfu/pictures/encoders.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/opt.h>
}

namespace conclave::sfu::pictures {
namespace {

class H264Encoding {
 public:
  explicit H264Encoding(Size size) : size_(size), packet_(av_packet_alloc()), frame_(av_frame_alloc()) {
    const AVCodec* codec = avcodec_find_encoder_by_name("libx264");
    CONCLAVE_CHECK(codec != nullptr);
    context_ = avcodec_alloc_context3(codec);
    context_->width = frame_->width = size.width;
    context_->height = frame_->height = size.height;
    context_->pix_fmt = AV_PIX_FMT_YUV420P;
    frame_->format = AV_PIX_FMT_YUV420P;
    context_->time_base = {1, 30};
    context_->gop_size = 10000;
    context_->bit_rate = size.width * size.height * 20;
    context_->thread_count = 1;
    av_opt_set(context_->priv_data, "preset", "ultrafast", 0);
    av_opt_set(context_->priv_data, "tune", "zerolatency", 0);
    av_opt_set(context_->priv_data, "profile", "baseline", 0);
    av_opt_set(context_->priv_data, "forced-idr", "1", 0);
    av_opt_set(context_->priv_data, "x264-params", "log=-1:scenecut=0:slice-max-size=0:sliced-threads=0", 0);
    CONCLAVE_CHECK(avcodec_open2(context_, codec, nullptr) == 0);
    CONCLAVE_CHECK(av_frame_get_buffer(frame_, 0) == 0);
  }
  H264Encoding(const H264Encoding&) = delete;
  ~H264Encoding() {
    avcodec_free_context(&context_);
    av_packet_free(&packet_);
    av_frame_free(&frame_);
  }

  EncodedFrame encode(int number, bool key) {
    const Picture picture = draw(size_, number);
    CONCLAVE_CHECK(av_frame_make_writable(frame_) == 0);
    copy(picture.y, 0, size_.width);
    copy(picture.u, 1, size_.width / 2);
    copy(picture.v, 2, size_.width / 2);
    frame_->pts = number;
    frame_->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    CONCLAVE_CHECK(avcodec_send_frame(context_, frame_) == 0);
    CONCLAVE_CHECK(avcodec_receive_packet(context_, packet_) == 0);
    const auto* bytes = reinterpret_cast<const std::byte*>(packet_->data);
    EncodedFrame result{.bytes = {bytes, bytes + packet_->size}, .key = (packet_->flags & AV_PKT_FLAG_KEY) != 0};
    av_packet_unref(packet_);
    return result;
  }

 private:
  void copy(const std::vector<std::uint8_t>& plane, std::size_t index, int width) {
    const auto rows = static_cast<int>(plane.size()) / width;
    for (int row = 0; row < rows; ++row) {
      std::copy_n(plane.begin() + row * width, width, frame_->data[index] + row * frame_->linesize[index]);
    }
  }

  Size size_;
  AVPacket* packet_;
  AVFrame* frame_;
  AVCodecContext* context_ = nullptr;
};

class H264Simulcast final : public Encoder {
 public:
  explicit H264Simulcast(std::span<const Size> sizes) {
    for (const Size size : sizes) encodings_.push_back(std::make_unique<H264Encoding>(size));
  }
  std::vector<EncodedFrame> encode(int number, bool key) override {
    std::vector<EncodedFrame> frames;
    for (std::size_t i = 0; i < encodings_.size(); ++i) {
      frames.push_back(encodings_[i]->encode(number, key));
      frames.back().encoding = i;
    }
    return frames;
  }

 private:
  std::vector<std::unique_ptr<H264Encoding>> encodings_;
};

}  // namespace

std::unique_ptr<Encoder> make_h264_simulcast(std::span<const Size> sizes) { return std::make_unique<H264Simulcast>(sizes); }

}  // namespace conclave::sfu::pictures
