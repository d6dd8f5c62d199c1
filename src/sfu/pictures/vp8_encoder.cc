// VP8 simulcast of libvpx, each encoding with the three temporal layers that browsers send: 0 2 1 2.
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include "base/check.h"
#include "sfu/pictures/encoders.h"
#include "sfu/pictures/vpx.h"

namespace conclave::sfu::pictures {
namespace {

// What a picture of each place in the pattern may refer to and change. Who leaves a layer out must not miss its probabilities either.
constexpr vpx_enc_frame_flags_t kKeepGolden = VP8_EFLAG_NO_UPD_GF | VP8_EFLAG_NO_UPD_ARF | VP8_EFLAG_NO_REF_ARF;
struct Place {
  std::uint8_t temporal;
  bool sync;
  vpx_enc_frame_flags_t flags;
};
constexpr Place kPattern[] = {
    {0, false, kKeepGolden | VP8_EFLAG_NO_REF_GF},
    {2, true, kKeepGolden | VP8_EFLAG_NO_REF_GF | VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_ENTROPY},
    {1, true, VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_ARF | VP8_EFLAG_NO_REF_GF | VP8_EFLAG_NO_REF_ARF | VP8_EFLAG_NO_UPD_ENTROPY},
    {2, false, kKeepGolden | VP8_EFLAG_NO_UPD_LAST | VP8_EFLAG_NO_UPD_ENTROPY},
};

class Vp8Simulcast final : public Encoder {
 public:
  explicit Vp8Simulcast(std::span<const Size> sizes) {
    for (const Size size : sizes) {
      vpx_codec_enc_cfg_t config = realtime(vpx_codec_vp8_cx(), size);
      config.rc_target_bitrate = static_cast<unsigned>(size.width * size.height / 60);
      encoders_.push_back(std::make_unique<vpx_codec_ctx_t>());
      CONCLAVE_CHECK(vpx_codec_enc_init(encoders_.back().get(), vpx_codec_vp8_cx(), &config, 0) == VPX_CODEC_OK);
      CONCLAVE_CHECK(vpx_codec_control(encoders_.back().get(), VP8E_SET_CPUUSED, -12) == VPX_CODEC_OK);
      sizes_.push_back(size);
    }
  }
  ~Vp8Simulcast() override {
    for (const auto& encoder : encoders_) vpx_codec_destroy(encoder.get());
  }

  std::vector<EncodedFrame> encode(int number, bool key) override {
    if (key) place_ = 0;
    const Place& place = kPattern[place_++ % std::size(kPattern)];
    std::vector<EncodedFrame> frames;
    for (std::size_t i = 0; i < encoders_.size(); ++i) {
      Picture picture = draw(sizes_[i], number);
      const vpx_image_t image = vpx_image_of(picture);
      const vpx_enc_frame_flags_t flags = key ? VPX_EFLAG_FORCE_KF : place.flags;
      CONCLAVE_CHECK(vpx_codec_encode(encoders_[i].get(), &image, number, 1, flags, VPX_DL_REALTIME) == VPX_CODEC_OK);
      vpx_codec_iter_t at = nullptr;
      while (const vpx_codec_cx_pkt_t* packet = vpx_codec_get_cx_data(encoders_[i].get(), &at)) {
        if (packet->kind != VPX_CODEC_CX_FRAME_PKT) continue;
        const auto* bytes = static_cast<const std::byte*>(packet->data.frame.buf);
        const bool is_key = (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
        frames.push_back({.bytes = {bytes, bytes + packet->data.frame.sz},
                          .encoding = i,
                          .key = is_key,
                          .temporal = place.temporal,
                          .layer_sync = place.sync,
                          .predicted = !is_key});
      }
    }
    return frames;
  }

 private:
  std::vector<std::unique_ptr<vpx_codec_ctx_t>> encoders_;
  std::vector<Size> sizes_;
  std::size_t place_ = 0;
};

}  // namespace

std::unique_ptr<Encoder> make_vp8_simulcast(std::span<const Size> sizes) { return std::make_unique<Vp8Simulcast>(sizes); }

}  // namespace conclave::sfu::pictures
