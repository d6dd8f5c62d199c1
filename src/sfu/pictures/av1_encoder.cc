// AV1 SVC of libaom: three spatial layers, each picture's frame referring to the one below, and two temporal layers.
#include <aom/aom_encoder.h>
#include <aom/aomcx.h>

#include "base/check.h"
#include "sfu/pictures/encoders.h"

namespace conclave::sfu::pictures {
namespace {

constexpr int kSpatial = 3;
constexpr int kTemporal = 2;
constexpr int kLast = 0;    // places of references
constexpr int kGolden = 3;
constexpr int kHighSlots = 3;  // slots 0 to 2 hold the lower temporal layer, 3 and 4 what the higher one hands up

class Av1Svc final : public Encoder {
 public:
  explicit Av1Svc(Size size) : size_(size) {
    aom_codec_enc_cfg_t config;
    CONCLAVE_CHECK(aom_codec_enc_config_default(aom_codec_av1_cx(), &config, AOM_USAGE_REALTIME) == AOM_CODEC_OK);
    config.g_w = static_cast<unsigned>(size.width);
    config.g_h = static_cast<unsigned>(size.height);
    config.g_timebase = {1, 30};
    config.g_threads = 1;
    config.g_lag_in_frames = 0;
    config.g_error_resilient = 0;
    config.kf_mode = AOM_KF_DISABLED;
    config.rc_end_usage = AOM_CBR;
    config.rc_dropframe_thresh = 0;
    config.rc_max_quantizer = 45;
    config.rc_target_bitrate = 2100;
    CONCLAVE_CHECK(aom_codec_enc_init(&encoder_, aom_codec_av1_cx(), &config, 0) == AOM_CODEC_OK);
    aom_codec_control(&encoder_, AOME_SET_CPUUSED, 10);
    aom_codec_control(&encoder_, AV1E_SET_ENABLE_CDEF, 0);
    aom_codec_control(&encoder_, AV1E_SET_ENABLE_ORDER_HINT, 0);
    aom_codec_control(&encoder_, AV1E_SET_ENABLE_TPL_MODEL, 0);
    aom_codec_control(&encoder_, AV1E_SET_DELTAQ_MODE, 0);
    aom_svc_params_t layers{};
    layers.number_spatial_layers = kSpatial;
    layers.number_temporal_layers = kTemporal;
    for (int s = 0; s < kSpatial; ++s) {
      layers.scaling_factor_num[s] = 1;
      layers.scaling_factor_den[s] = 1 << (kSpatial - 1 - s);
      for (int t = 0; t < kTemporal; ++t) {
        const int i = s * kTemporal + t;
        layers.max_quantizers[i] = 45;
        layers.min_quantizers[i] = 2;
        layers.layer_target_bitrate[i] = (100 << (2 * s)) * (t == 0 ? 60 : 100) / 100;
      }
    }
    layers.framerate_factor[0] = 2;
    layers.framerate_factor[1] = 1;
    CONCLAVE_CHECK(aom_codec_control(&encoder_, AV1E_SET_SVC_PARAMS, &layers) == AOM_CODEC_OK);
  }
  ~Av1Svc() override { aom_codec_destroy(&encoder_); }

  std::vector<EncodedFrame> encode(int number, bool key) override {
    const bool is_key = key || number == 0;
    if (is_key) place_ = 0;
    const int temporal = place_++ % kTemporal;
    Picture picture = draw(size_, number);
    aom_image_t image;
    aom_img_wrap(&image, AOM_IMG_FMT_I420, static_cast<unsigned>(size_.width), static_cast<unsigned>(size_.height), 1, picture.y.data());
    image.planes[AOM_PLANE_U] = picture.u.data();
    image.planes[AOM_PLANE_V] = picture.v.data();
    image.stride[AOM_PLANE_U] = image.stride[AOM_PLANE_V] = size_.width / 2;
    std::vector<EncodedFrame> frames;
    for (int spatial = 0; spatial < kSpatial; ++spatial) {
      choose_references(spatial, temporal, is_key);
      const aom_enc_frame_flags_t flags = is_key && spatial == 0 ? AOM_EFLAG_FORCE_KF : 0;
      CONCLAVE_CHECK(aom_codec_encode(&encoder_, &image, number, 1, flags) == AOM_CODEC_OK);
      EncodedFrame frame{.bytes = {},
                         .key = is_key && spatial == 0,
                         .spatial = static_cast<std::uint8_t>(spatial),
                         .temporal = static_cast<std::uint8_t>(temporal),
                         .predicted = !is_key,
                         .top = spatial == kSpatial - 1};
      aom_codec_iter_t at = nullptr;
      while (const aom_codec_cx_pkt_t* packet = aom_codec_get_cx_data(&encoder_, &at)) {
        if (packet->kind != AOM_CODEC_CX_FRAME_PKT) continue;
        const auto* bytes = static_cast<const std::byte*>(packet->data.frame.buf);
        frame.bytes.insert(frame.bytes.end(), bytes, bytes + packet->data.frame.sz);
      }
      frames.push_back(std::move(frame));
    }
    return frames;
  }

 private:
  void choose_references(int spatial, int temporal, bool key) {
    aom_svc_layer_id_t layer{};
    layer.spatial_layer_id = spatial;
    layer.temporal_layer_id = temporal;
    CONCLAVE_CHECK(aom_codec_control(&encoder_, AV1E_SET_SVC_LAYER_ID, &layer) == AOM_CODEC_OK);
    aom_svc_ref_frame_config_t references{};
    for (int& slot : references.ref_idx) slot = spatial;
    references.reference[kLast] = !key;
    if (spatial > 0) {
      references.ref_idx[kGolden] = temporal == 0 ? spatial - 1 : kHighSlots + spatial - 1;
      references.reference[kGolden] = 1;
    }
    if (temporal == 0) {
      references.refresh[spatial] = 1;
    } else if (spatial < kSpatial - 1) {
      references.refresh[kHighSlots + spatial] = 1;
    }
    CONCLAVE_CHECK(aom_codec_control(&encoder_, AV1E_SET_SVC_REF_FRAME_CONFIG, &references) == AOM_CODEC_OK);
  }

  Size size_;
  aom_codec_ctx_t encoder_{};
  int place_ = 0;
};

}  // namespace

std::unique_ptr<Encoder> make_av1_svc(Size size) { return std::make_unique<Av1Svc>(size); }

}  // namespace conclave::sfu::pictures
