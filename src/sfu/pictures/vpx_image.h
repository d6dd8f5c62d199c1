#pragma once
#include <vpx/vpx_image.h>

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

}  // namespace conclave::sfu::pictures
