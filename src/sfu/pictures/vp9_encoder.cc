// VP9 SVC of libvpx: three spatial layers, three temporal layers 0 2 1 2, one frame for each spatial layer.
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include "base/check.h"
#include "sfu/pictures/encoders.h"
#include "sfu/pictures/vpx.h"

namespace conclave::sfu::pictures {
namespace {

constexpr int kSpatial = 3;
constexpr int kTemporal = 3;

class Vp9Svc final : public Encoder {
 public:
  Vp9Svc(Size size, InterLayer inter_layer) : size_(size), inter_layer_(inter_layer) {
    vpx_codec_enc_cfg_t config = realtime(vpx_codec_vp9_cx(), size);
    config.ss_number_layers = kSpatial;
    config.ts_number_layers = kTemporal;
    config.temporal_layering_mode = VP9E_TEMPORAL_LAYERING_MODE_0212;
    vpx_svc_extra_cfg_t layers{};
    config.rc_target_bitrate = 0;
    for (int s = 0; s < kSpatial; ++s) {
      const unsigned rate = 100u << (2 * s);
      config.ss_target_bitrate[s] = rate;
      config.rc_target_bitrate += rate;
      for (int t = 0; t < kTemporal; ++t) {
        constexpr unsigned kShare[] = {50, 70, 100};
        config.layer_target_bitrate[s * kTemporal + t] = rate * kShare[t] / 100;
      }
      layers.scaling_factor_num[s] = 1;
      layers.scaling_factor_den[s] = 1 << (kSpatial - 1 - s);
    }
    for (int i = 0; i < kSpatial * kTemporal; ++i) {
      layers.max_quantizers[i] = 40;
      layers.min_quantizers[i] = 2;
    }
    for (unsigned t = 0; t < kTemporal; ++t) config.ts_rate_decimator[t] = 1u << (kTemporal - 1 - t);
    config.ts_periodicity = 4;
    CONCLAVE_CHECK(vpx_codec_enc_init(&encoder_, vpx_codec_vp9_cx(), &config, 0) == VPX_CODEC_OK);
    vpx_codec_control(&encoder_, VP8E_SET_CPUUSED, 9);
    vpx_codec_control(&encoder_, VP9E_SET_SVC, 1);
    vpx_codec_control(&encoder_, VP9E_SET_SVC_PARAMETERS, &layers);
    vpx_codec_control(&encoder_, VP9E_SET_SVC_INTER_LAYER_PRED, inter_layer == InterLayer::KeyPictures ? 2 : 0);
    vpx_codec_priv_output_cx_pkt_cb_pair_t output{&Vp9Svc::collect, this};
    vpx_codec_control(&encoder_, VP9E_REGISTER_CX_CALLBACK, &output);
  }
  ~Vp9Svc() override { vpx_codec_destroy(&encoder_); }

  std::vector<EncodedFrame> encode(int number, bool key) override {
    Picture picture = draw(size_, number);
    const vpx_image_t image = vpx_image_of(picture);
    frames_.clear();
    key_ = key || number == 0;
    CONCLAVE_CHECK(vpx_codec_encode(&encoder_, &image, number, 1, key ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME) == VPX_CODEC_OK);
    CONCLAVE_CHECK(!frames_.empty());
    frames_.back().top = true;
    return std::move(frames_);
  }

 private:
  static void collect(vpx_codec_cx_pkt_t* packet, void* self) { static_cast<Vp9Svc*>(self)->add(*packet); }
  void add(const vpx_codec_cx_pkt_t& packet) {
    if (packet.kind != VPX_CODEC_CX_FRAME_PKT) return;
    vpx_svc_layer_id_t layer{};
    vpx_codec_control(&encoder_, VP9E_GET_SVC_LAYER_ID, &layer);
    if (layer.spatial_layer_id == 0) key_ = (packet.data.frame.flags & VPX_FRAME_IS_KEY) != 0;
    const auto* bytes = static_cast<const std::byte*>(packet.data.frame.buf);
    const bool linked = key_ || inter_layer_ == InterLayer::Always;
    frames_.push_back({.bytes = {bytes, bytes + packet.data.frame.sz},
                       .key = key_ && layer.spatial_layer_id == 0,
                       .spatial = static_cast<std::uint8_t>(layer.spatial_layer_id),
                       .temporal = static_cast<std::uint8_t>(layer.temporal_layer_id),
                       .predicted = !key_,
                       .depends_on_lower = linked && layer.spatial_layer_id > 0,
                       .not_for_upper = !linked || layer.spatial_layer_id == kSpatial - 1,
                       .top = false});
  }

  Size size_;
  InterLayer inter_layer_;
  vpx_codec_ctx_t encoder_{};
  std::vector<EncodedFrame> frames_;
  bool key_ = true;
};

}  // namespace

std::unique_ptr<Encoder> make_vp9_svc(Size size, InterLayer inter_layer) { return std::make_unique<Vp9Svc>(size, inter_layer); }

}  // namespace conclave::sfu::pictures
