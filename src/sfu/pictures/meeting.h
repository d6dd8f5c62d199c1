#pragma once
// A camera and a viewer, whatever stands between them. Both lose packets, by the seed, and both know how to ask again.
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.h"
#include "sfu/pictures/decoder.h"
#include "sfu/pictures/encoders.h"
#include "sfu/pictures/payloads.h"
#include "sfu/rtp/frame_dependencies.h"
#include "sfu/rtp/sequence.h"
#include "sfu/test_peer.h"

namespace conclave::sfu::pictures {

// Whatever can be lost is lost so often, by the seed.
class Loss {
 public:
  Loss(std::uint64_t seed, int percent) : random_(seed), percent_(percent) {}
  bool takes() { return static_cast<int>(random_.number() % 100) < percent_; }

 private:
  SeededRandom random_;
  int percent_;
};

struct Numbers {  // of payload types and the first SSRC; encoding i has ssrc + i, its RTX ssrc + 100 + i
  std::uint8_t payload_type = 0;
  std::uint8_t rtx_type = 0;
  std::uint32_t ssrc = 0x100;
};
Numbers numbers_of(rtp::Codec codec);
MediaDescription media(rtp::Codec codec);

// Encodes, sends, answers NACK by RTX and PLI by a key frame.
class Camera {
 public:
  using Send = std::function<void(testing::Datagram packet)>;
  struct Options {
    rtp::Codec codec = rtp::Codec::Vp8;
    std::size_t encodings = 1;
    bool flexible = false;
    Loss loss{0, 0};
  };
  Camera(Options options, std::unique_ptr<Encoder> encoder, Send send);
  Source source() const;
  void film(int number, bool key);
  void want_key_frame() { key_wanted_ = true; }
  void hear(const std::vector<testing::Datagram>& rtcp);
  int key_frames() const { return key_frames_; }

 private:
  struct Encoding {
    std::uint16_t sequence = 0;
    std::uint16_t rtx_sequence = 0;
    std::uint32_t timestamp = 0;
    std::map<std::uint16_t, testing::Datagram> sent;
  };
  void send(std::size_t index, const Payload& payload, const Payload& dependencies, bool marker, int number);
  void resend(std::size_t index, std::uint16_t sequence);

  rtp::Codec codec_;
  std::unique_ptr<Encoder> encoder_;
  Send send_;
  std::vector<Encoding> encodings_;
  std::vector<Packetiser> packetisers_;
  Loss loss_;
  bool key_wanted_ = true;
  int key_frames_ = 0;
};

// Asks again for what is missing, puts frames together in the order of sequence numbers alone, decodes, compares.
class Viewer {
 public:
  using Ask = std::function<void(std::span<const std::uint16_t> missing)>;
  Viewer(rtp::Codec codec, Loss loss, Ask ask);
  // Takes what has come.
  void look(TimePoint now, std::vector<testing::Datagram> packets);

  int shown() const { return shown_; }
  int errors() const { return decoder_.errors(); }
  int wrong() const { return wrong_; }            // pictures that are not what was filmed, or not later than the one before
  int given_up() const { return given_up_; }      // what was missing and never came
  int skipped() const { return skipped_; }        // what was missing when the next key frame was there
  double worst() const { return worst_; }         // likeness, in dB
  int last_number() const { return last_number_; }
  const std::map<int, int>& heights() const { return heights_; }  // how many pictures of each
  int changes() const { return changes_; }                        // of height, from one picture to the next

 private:
  struct Packet {
    testing::Datagram bytes;
    rtp::Header header;
    std::size_t payload = 0;
  };
  void take(testing::Datagram datagram);
  void put(std::uint16_t sequence, testing::Datagram datagram, std::size_t payload_at);
  bool begins_key_frame(const Packet& packet) const;
  void read_dependencies(const Packet& packet);
  void assemble();
  void skip_to_key_frame();
  void give_up();
  void ask_again();
  void show(Bytes frame);
  Bytes payload_of(const Packet& packet) const { return Bytes(packet.bytes).subspan(packet.payload); }

  rtp::Codec codec_;
  Numbers numbers_;
  Ask ask_;
  TimePoint now_{};
  Decoder decoder_;
  std::optional<rtp::DependencyStructure> structure_;
  Loss loss_;
  rtp::SequenceUnwrapper unwrapper_;
  std::map<std::int64_t, Packet> waiting_;
  std::optional<std::int64_t> next_;
  std::vector<std::byte> frame_;
  std::uint32_t frame_timestamp_ = 0;
  bool wants_key_ = true;
  TimePoint stuck_since_{};
  TimePoint asked_{};
  int shown_ = 0;
  int wrong_ = 0;
  int given_up_ = 0;
  int skipped_ = 0;
  int last_number_ = -1;
  int last_height_ = 0;
  int changes_ = 0;
  double worst_ = 100;
  std::map<int, int> heights_;
};

}  // namespace conclave::sfu::pictures
