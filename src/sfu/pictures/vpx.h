#pragma once
#include <vpx/vpx_encoder.h>
#include <vpx/vpx_image.h>

#include "base/check.h"
#include "sfu/pictures/pattern.h"

namespace conclave::sfu::pictures {

// A view of the picture, which must outlive it.
inline vpx_image_t vpx_image_of(Picture& picture) {
  vpx_image_t image;
  vpx_img_wrap(&image, VPX_IMG_FMT_I420, static_cast<unsigned>(picture.size.width), static_cast<unsigned>(picture.size.height), 1,
               picture.y.data());
  image.planes[VPX_PLANE_U] = picture.u.data();
  image.planes[VPX_PLANE_V] = picture.v.data();
  image.stride[VPX_PLANE_U] = image.stride[VPX_PLANE_V] = picture.size.width / 2;
  return image;
}

// As browsers encode: at once, with no frame left out and key frames only where they are asked for.
inline vpx_codec_enc_cfg_t realtime(vpx_codec_iface_t* codec, Size size) {
  vpx_codec_enc_cfg_t config;
  CONCLAVE_CHECK(vpx_codec_enc_config_default(codec, &config, 0) == VPX_CODEC_OK);
  config.g_w = static_cast<unsigned>(size.width);
  config.g_h = static_cast<unsigned>(size.height);
  config.g_timebase = {1, 30};
  config.g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
  config.g_lag_in_frames = 0;
  config.g_threads = 1;
  config.kf_mode = VPX_KF_DISABLED;
  config.rc_end_usage = VPX_CBR;
  config.rc_dropframe_thresh = 0;
  config.rc_max_quantizer = 40;
  return config;
}

}  // namespace conclave::sfu::pictures
