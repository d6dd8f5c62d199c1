#pragma once
// libavcodec: whole frames in, pictures out, every complaint an error.
#include <cstddef>
#include <optional>
#include <vector>

#include "base/byte_reader.h"
#include "sfu/pictures/pattern.h"
#include "sfu/rtp/codec.h"

struct AVCodecContext;
struct AVFrame;
struct AVPacket;

namespace conclave::sfu::pictures {

class Decoder {
 public:
  explicit Decoder(rtp::Codec codec);
  Decoder(const Decoder&) = delete;
  ~Decoder();

  // Nothing for a frame that shows nothing. Errors are counted.
  std::optional<Picture> decode(Bytes frame);
  int errors() const { return errors_; }

 private:
  AVCodecContext* context_ = nullptr;
  AVPacket* packet_;
  AVFrame* frame_;
  int errors_ = 0;
};

}  // namespace conclave::sfu::pictures
