#include <algorithm>
#include <cstdio>

#include "sfu/pictures/meeting.h"

namespace conclave::sfu::pictures {
namespace {

constexpr Duration kAskEvery = 120ms;
constexpr Duration kPatience = 600ms;  // a frame that is not whole by then is given up
constexpr int kAgain = 16;  // pictures: two attempts to get it again
constexpr double kLikeEnough = 22;      // dB; a grey picture has about 12, one with a torn block below 20

}  // namespace

Viewer::Viewer(rtp::Codec codec, Loss loss, Ask ask)
    : codec_(codec), numbers_(numbers_of(codec)), ask_(std::move(ask)), decoder_(codec), loss_(loss) {}

void Viewer::look(TimePoint now, std::vector<testing::Datagram> packets) {
  now_ = now;
  for (testing::Datagram& datagram : packets) {
    if (!loss_.takes()) take(std::move(datagram));
  }
  assemble();
  give_up();
  ask_again();
}

void Viewer::take(testing::Datagram datagram) {
  const auto header = *rtp::Header::parse(datagram);
  if (header.payload_type != numbers_.rtx_type) return put(header.sequence, std::move(datagram), header.size);
  const std::uint16_t original = ByteReader(Bytes(datagram).subspan(header.size)).u16();
  put(original, std::move(datagram), header.size + 2);
}

void Viewer::put(std::uint16_t sequence, testing::Datagram datagram, std::size_t payload_at) {
  const std::int64_t number = unwrapper_.unwrap(sequence);
  if (!next_) next_ = number;
  if (number < *next_) return;
  const auto header = *rtp::Header::parse(datagram);
  waiting_.try_emplace(number, Packet{.bytes = std::move(datagram), .header = header, .payload = payload_at});
}

bool Viewer::begins_key_frame(const Packet& packet) const {
  rtp::ExtensionReader reader(packet.header.extensions);
  const auto extension = codec_ == rtp::Codec::Av1 ? reader.next() : std::nullopt;
  return rtp::inspect(codec_, payload_of(packet), extension ? extension->data : Bytes()).begins_key_frame;
}

// Later packets' descriptors have to be readable by what the key frames brought, and references to lead to what was seen.
void Viewer::read_dependencies(const Packet& packet) {
  rtp::ExtensionReader reader(packet.header.extensions);
  const auto extension = reader.next();
  if (!extension || !rtp::FrameDependencies::parse(extension->data, structure_)) {
    ++wrong_;
    std::printf("packet %d has no readable dependencies\n", packet.header.sequence);
  }
}

void Viewer::assemble() {
  while (!waiting_.empty() && waiting_.begin()->first == *next_) {
    const Packet packet = std::move(waiting_.extract(waiting_.begin()).mapped());
    ++*next_;
    stuck_since_ = now_;
    const Bytes payload = payload_of(packet);
    if (payload.empty()) continue;
    if (wants_key_) {
      if (!begins_key_frame(packet)) continue;
      wants_key_ = false;
      frame_.clear();
    }
    if (codec_ == rtp::Codec::Av1) read_dependencies(packet);
    // One picture has one timestamp and ends at a marker.
    if (!frame_.empty() && packet.header.timestamp != frame_timestamp_) {
      // A key picture whose upper layers came too late ends unmarked; its frames say where they end themselves, as receivers know.
      if (codec_ == rtp::Codec::Vp8 || codec_ == rtp::Codec::H264) ++wrong_;
      std::printf("the picture before packet %d has no end\n", packet.header.sequence);
      show(std::exchange(frame_, {}));
    }
    frame_timestamp_ = packet.header.timestamp;
    if (!depacketise(codec_, payload, frame_)) {
      ++wrong_;
      std::printf("packet %d carries nothing\n", packet.header.sequence);
    }
    if (packet.header.marker) show(std::exchange(frame_, {}));
  }
}

// As browsers do: a whole key frame needs nothing of what is missing before it.
void Viewer::skip_to_key_frame() {
  for (auto at = waiting_.begin(); at != waiting_.end(); ++at) {
    if (!begins_key_frame(at->second)) continue;
    auto end = at;
    while (end != waiting_.end() && !end->second.header.marker && std::next(end) != waiting_.end() && std::next(end)->first == end->first + 1) ++end;
    if (!end->second.header.marker) continue;
    next_ = at->first;
    waiting_.erase(waiting_.begin(), at);
    wants_key_ = true;
    ++skipped_;
    return assemble();
  }
}

void Viewer::give_up() {
  if (waiting_.empty()) return;
  skip_to_key_frame();
  if (waiting_.empty() || now_ - stuck_since_ < kPatience) return;
  ++given_up_;
  wants_key_ = true;
  next_ = waiting_.begin()->first;
  assemble();
}

void Viewer::ask_again() {
  if (waiting_.empty() || now_ - asked_ < kAskEvery) return;
  asked_ = now_;
  std::vector<std::uint16_t> missing;
  for (std::int64_t n = *next_; n < waiting_.rbegin()->first && missing.size() < 100; ++n) {
    if (!waiting_.contains(n)) missing.push_back(static_cast<std::uint16_t>(n));
  }
  if (!missing.empty()) ask_(missing);
}

void Viewer::show(Bytes frame) {
  if (frame.empty()) return;
  const auto picture = decoder_.decode(frame);
  if (!picture) return;
  ++shown_;
  const int number = number_of(*picture);
  const double like = likeness(*picture, number);
  worst_ = std::min(worst_, like);
  // All encodings of a picture may be key frames: the smaller one goes out, then the larger one takes over. And where the first packet of a
  // key frame was lost and sent again, the other encoding has gone on meanwhile.
  const bool again = picture->size.height != last_height_ && number + kAgain > last_number_;
  if (like < kLikeEnough || (number <= last_number_ && !again)) {
    ++wrong_;
    std::printf("picture %d after %d, height %d after %d, likeness %.1f dB\n", number, last_number_, picture->size.height, last_height_, like);
  }
  if (last_height_ != 0 && picture->size.height != last_height_) ++changes_;
  last_number_ = number;
  last_height_ = picture->size.height;
  ++heights_[last_height_];
}

}  // namespace conclave::sfu::pictures
