#pragma once
// The real encoders, as browsers use them. One object encodes one source: every encoding of a simulcast, or all layers of an SVC stream.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/byte_reader.h"
#include "sfu/pictures/pattern.h"
#include "sfu/rtp/codec.h"

namespace conclave::sfu::pictures {

// What one layer of one picture became.
struct EncodedFrame {
  std::vector<std::byte> bytes;
  std::size_t encoding = 0;
  bool key = false;              // a decoder can begin here
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  bool layer_sync = false;       // refers to the lowest temporal layer alone
  bool predicted = false;        // from other pictures
  bool depends_on_lower = false; // on the spatial layer below, of the same picture
  bool not_for_upper = false;    // no spatial layer above refers to it
  bool top = true;               // the last one of its picture
};

class Encoder {
 public:
  virtual ~Encoder() = default;
  virtual std::vector<EncodedFrame> encode(int number, bool key) = 0;
};

// Lowest first, as in a SIM group.
std::unique_ptr<Encoder> make_vp8_simulcast(std::span<const Size> sizes);
std::unique_ptr<Encoder> make_h264_simulcast(std::span<const Size> sizes);

// SVC: three spatial layers, of a quarter, half and all of the size.
enum class InterLayer : std::uint8_t { Always, KeyPictures };
std::unique_ptr<Encoder> make_vp9_svc(Size size, InterLayer inter_layer);
std::unique_ptr<Encoder> make_av1_svc(Size size);  // two temporal layers

}  // namespace conclave::sfu::pictures
