#include "room/display_name.h"

#include <algorithm>
#include <cstdint>

#include "room/limits.h"

namespace conclave::room {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// Unicode's Cc, the bidi controls, default-ignorable characters that nobody types into a name, and what XML 1.0 cannot
// carry.
constexpr Range kInvisible[] = {
    {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},   {0x115F, 0x1160},  {0x17B4, 0x17B5},
    {0x180B, 0x180F}, {0x200B, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},  {0x3164, 0x3164},
    {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF}};
constexpr Range kBlanks[] = {{0x20, 0x20},     {0xA0, 0xA0},     {0x1680, 0x1680},
                             {0x2000, 0x200A}, {0x202F, 0x202F}, {0x3000, 0x3000}};

template <std::size_t N>
bool is_in(const Range (&ranges)[N], char32_t c) {
  return std::any_of(std::begin(ranges), std::end(ranges),
                     [c](Range range) { return c >= range.first && c <= range.last; });
}

std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

char32_t decode(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes.front());
  if (bytes.size() == 1) return lead;
  char32_t c = lead & (0xFFU >> (bytes.size() + 1));
  for (const char byte : bytes.substr(1)) c = (c << 6) | (static_cast<unsigned char>(byte) & 0x3FU);
  return c;
}

}  // namespace

std::string clean_display_name(std::string_view text) {
  std::string name;
  bool blank = false;
  bool joiner_only = true;
  while (!text.empty()) {
    const std::string_view character = text.substr(0, length_of(static_cast<unsigned char>(text.front())));
    text.remove_prefix(character.size());
    const char32_t c = decode(character);
    if (c == '\t' || c == '\n' || c == '\r' || is_in(kBlanks, c)) {
      blank = !name.empty();
      continue;
    }
    if (is_in(kInvisible, c)) continue;
    if (name.size() + character.size() + (blank ? 1 : 0) > kMaxDisplayNameBytes) break;
    if (blank) name += ' ';
    blank = false;
    name += character;
    if (c != 0x200C && c != 0x200D) joiner_only = false;
  }
  return joiner_only ? std::string() : name;
}

}  // namespace conclave::room
