#include "sfu/pictures/forwarder.h"

#include "sfu/outgoing.h"
#include "sfu/rtp/av1.h"

namespace conclave::sfu::pictures {

// What is in a packet. `input` points into it.
struct Forwarder::Understood {
  Understood(rtp::Codec codec, const Numbers& numbers, const testing::Datagram& packet, std::span<std::optional<rtp::DependencyStructure>> structures)
      : header(*rtp::Header::parse(packet)), payload(Bytes(packet).subspan(header.size)) {
    if (codec == rtp::Codec::Vp8) vp8 = rtp::Vp8Descriptor::parse(payload);
    if (codec == rtp::Codec::Vp9) vp9 = rtp::Vp9Descriptor::parse(payload);
    input = {.encoding = static_cast<int>(header.ssrc - numbers.ssrc),
             .codec = codec,
             .begins_key_frame = false,
             .marker = header.marker,
             .sequence = header.sequence,
             .timestamp = header.timestamp,
             .vp8 = vp8 ? &*vp8 : nullptr,
             .vp9 = vp9 ? &*vp9 : nullptr};
    rtp::ExtensionReader reader(header.extensions);
    if (const auto extension = reader.next()) read_dependencies(extension->data, structures[header.ssrc - numbers.ssrc]);
    input.begins_key_frame = rtp::inspect(codec, payload, descriptor).begins_key_frame;
  }
  void read_dependencies(Bytes data, std::optional<rtp::DependencyStructure>& structure) {
    descriptor = data;
    dependencies = rtp::FrameDependencies::parse(data, structure);
    input.frame_number = rtp::frame_number(data);
    if (!dependencies) return;
    input.dependencies = &*dependencies;
    input.structure = &*structure;
  }
  Understood(const Understood&) = delete;

  rtp::Header header;
  Bytes payload;
  Bytes descriptor;
  std::optional<rtp::FrameDependencies> dependencies;
  std::optional<rtp::Vp8Descriptor> vp8;
  std::optional<rtp::Vp9Descriptor> vp9;
  Projection::Input input;
};

void Forwarder::receive(TimePoint now, const testing::Datagram& packet) {
  const Understood understood(codec_, numbers_, packet, structures_);
  const auto encoding = static_cast<std::size_t>(understood.input.encoding);
  if (orders_[encoding].received(understood.header.sequence).arrival != ReceiveOrder::Arrival::New) return;
  received_[encoding].insert_or_assign(understood.header.sequence, packet);
  const auto numbers = projection_.project(now, understood.input, outbound_);
  if (!numbers) return;
  send(understood, *numbers);
  ++forwarded_;
}

void Forwarder::send(const Understood& understood, const Projection::Numbers& numbers) {
  testing::Datagram sent(understood.payload.size() + 400);
  ByteWriter writer{MutableBytes(sent)};
  std::array<std::byte, 256> buffer;
  const Bytes descriptor = rtp::rewrite_descriptor(understood.descriptor, numbers.descriptor, buffer);
  const rtp::Extension extensions[] = {{descriptor.empty() ? std::uint8_t{0} : std::uint8_t{11}, descriptor}};
  rtp::write_header(writer,
                    {.marker = numbers.marker,
                     .payload_type = numbers_.payload_type,
                     .sequence = numbers.sequence,
                     .timestamp = numbers.timestamp,
                     .ssrc = numbers_.ssrc},
                    extensions);
  write_payload(writer, understood.payload, understood.input.vp8, understood.input.vp9, numbers);
  sent.resize(writer.position());
  out_.push_back(sent);
  sent_.insert_or_assign(numbers.sequence, std::move(sent));
  sent_.erase(static_cast<std::uint16_t>(numbers.sequence - kHistoryPackets));
}

// As SendPath::answer_nack.
void Forwarder::resend(std::span<const std::uint16_t> sequences) {
  for (const std::uint16_t sequence : sequences) {
    if (const auto found = sent_.find(sequence); found != sent_.end()) {
      out_.push_back(found->second);
    } else if (projection_.left_hole(sequence)) {
      testing::Datagram empty(rtp::kFixedHeaderBytes);
      ByteWriter writer{MutableBytes(empty)};
      rtp::write_header(writer, {.payload_type = numbers_.payload_type, .sequence = sequence, .timestamp = outbound_.timestamp, .ssrc = numbers_.ssrc},
                        {});
      out_.push_back(std::move(empty));
    } else if (const auto input = projection_.input_of(sequence)) {
      const auto& received = received_[static_cast<std::size_t>(projection_.current())];
      const auto packet = received.find(*input);
      if (packet == received.end()) continue;
      const Understood understood(codec_, numbers_, packet->second, structures_);
      send(understood, projection_.map(understood.input));
    }
  }
}

}  // namespace conclave::sfu::pictures
