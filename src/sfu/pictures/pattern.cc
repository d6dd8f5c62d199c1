#include "sfu/pictures/pattern.h"

#include <algorithm>
#include <cmath>

namespace conclave::sfu::pictures {
namespace {

constexpr int kColumns = 6;  // the number stands in the upper quarter, in two rows of bright and dark blocks
constexpr int kRows = kNumberBits / kColumns;

double wave(double at) {
  const double part = at - std::floor(at);
  return part < 0.5 ? part * 2 : 2 - part * 2;
}

std::uint8_t pixel(double value) { return static_cast<std::uint8_t>(std::clamp(value, 16.0, 235.0)); }

int block_of(Size size, int x, int y) { return y * 4 * kRows / size.height * kColumns + x * kColumns / size.width; }

double squared_error(const std::vector<std::uint8_t>& a, const std::vector<std::uint8_t>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}

}  // namespace

Picture::Picture(Size of)
    : size(of),
      y(static_cast<std::size_t>(of.width * of.height)),
      u(static_cast<std::size_t>(of.width * of.height / 4)),
      v(u.size()) {}

Picture draw(Size size, int number) {
  Picture picture(size);
  std::size_t at = 0;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double right = static_cast<double>(x) / size.width;
      const double down = static_cast<double>(y) / size.height;
      const bool numbered = y < size.height / 4;
      const bool bright = numbered && (number >> block_of(size, x, y) & 1) != 0;
      picture.y[at++] = numbered ? pixel(bright ? 200 : 50) : pixel(50 + 150 * wave(right * 2 + down + number * 0.021));
    }
  }
  at = 0;
  for (int y = 0; y < size.height / 2; ++y) {
    for (int x = 0; x < size.width / 2; ++x, ++at) {
      picture.u[at] = pixel(80 + 90 * wave(2.0 * x / size.width + number * 0.013));
      picture.v[at] = pixel(80 + 90 * wave(2.0 * y / size.height - number * 0.017));
    }
  }
  return picture;
}

int number_of(const Picture& picture) {
  std::vector<int> sums(kNumberBits), counts(kNumberBits);
  for (int y = 0; y < picture.size.height / 4; ++y) {
    for (int x = 0; x < picture.size.width; ++x) {
      const auto block = static_cast<std::size_t>(block_of(picture.size, x, y));
      sums[block] += picture.y[static_cast<std::size_t>(y * picture.size.width + x)];
      ++counts[block];
    }
  }
  int number = 0;
  for (std::size_t i = 0; i < kNumberBits; ++i) number |= (sums[i] > 125 * counts[i] ? 1 : 0) << i;
  return number;
}

double likeness(const Picture& picture, int number) {
  const Picture wanted = draw(picture.size, number);
  const double error = squared_error(picture.y, wanted.y) + squared_error(picture.u, wanted.u) + squared_error(picture.v, wanted.v);
  const auto samples = static_cast<double>(picture.y.size() + picture.u.size() + picture.v.size());
  return 10 * std::log10(255.0 * 255.0 * samples / std::max(error, 1.0));
}

}  // namespace conclave::sfu::pictures
