#pragma once
// A picture that moves and carries its number, the same at every size, so that a decoded one can be compared with what was filmed.
#include <cstddef>
#include <cstdint>
#include <vector>

namespace conclave::sfu::pictures {

struct Size {
  int width = 0;
  int height = 0;
};

// 4:2:0, planes without padding.
struct Picture {
  explicit Picture(Size of);
  Size size;
  std::vector<std::uint8_t> y, u, v;
};

inline constexpr int kNumberBits = 12;

Picture draw(Size size, int number);
// What the picture says of itself; a grey one says something too, but not what its pixels are compared with.
int number_of(const Picture& picture);
// Of luma and chroma, against draw(picture.size, number): peak signal-to-noise ratio in dB.
double likeness(const Picture& picture, int number);

}  // namespace conclave::sfu::pictures
