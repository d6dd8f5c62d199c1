#pragma once
// For tests: the client's end of WebSocket frames, as simple as can be.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace conclave::testing_frames {

struct Frame {
  int opcode = 0;
  bool fin = true;
  std::string payload;
  std::uint16_t close_code() const {
    return payload.size() < 2 ? std::uint16_t{0}
                              : static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]));
  }
};

inline constexpr int kContinuation = 0, kText = 1, kBinary = 2, kClose = 8, kPing = 9, kPong = 10;

inline std::string client_frame(int opcode, std::string_view payload, bool fin = true) {
  std::string out;
  out.push_back(static_cast<char>((fin ? 0x80 : 0) | opcode));
  const std::size_t size = payload.size();
  if (size < 126) {
    out.push_back(static_cast<char>(0x80 | size));
  } else if (size < 65536) {
    out.push_back(static_cast<char>(0x80 | 126));
    out.push_back(static_cast<char>(size >> 8));
    out.push_back(static_cast<char>(size & 255));
  } else {
    out.push_back(static_cast<char>(0x80 | 127));
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> shift & 255));
  }
  const char mask[4] = {0x12, 0x34, 0x56, 0x78};
  out.append(mask, 4);
  for (std::size_t i = 0; i < size; ++i) out.push_back(static_cast<char>(payload[i] ^ mask[i % 4]));
  return out;
}

// Takes one frame of the server off the front of `bytes`.
inline std::optional<Frame> take_server_frame(std::string& bytes) {
  const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
  if (bytes.size() < 2) return std::nullopt;
  std::size_t head = 2;
  std::size_t size = at(1) & 127;
  if (size == 126) {
    head = 4;
    if (bytes.size() < head) return std::nullopt;
    size = at(2) << 8 | at(3);
  } else if (size == 127) {
    head = 10;
    if (bytes.size() < head) return std::nullopt;
    size = 0;
    for (std::size_t i = 2; i < 10; ++i) size = size << 8 | at(i);
  }
  if (bytes.size() < head + size) return std::nullopt;
  Frame frame{static_cast<int>(at(0) & 15), (at(0) & 0x80) != 0, bytes.substr(head, size)};
  bytes.erase(0, head + size);
  return frame;
}

}  // namespace conclave::testing_frames
