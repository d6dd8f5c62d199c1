#include "sfu/pictures/forwarder.h"

#include "sfu/outgoing.h"

namespace conclave::sfu::pictures {

// What is in a packet. `input` points into it.
struct Forwarder::Understood {
  Understood(rtp::Codec codec, const Numbers& numbers, const testing::Datagram& packet)
      : header(*rtp::Header::parse(packet)), payload(Bytes(packet).subspan(header.size)) {
    if (codec == rtp::Codec::Vp8) vp8 = rtp::Vp8Descriptor::parse(payload);
    if (codec == rtp::Codec::Vp9) vp9 = rtp::Vp9Descriptor::parse(payload);
    input = {.encoding = static_cast<int>(header.ssrc - numbers.ssrc),
             .codec = codec,
             .begins_key_frame = rtp::inspect(codec, payload, {}).begins_key_frame,
             .marker = header.marker,
             .sequence = header.sequence,
             .timestamp = header.timestamp,
             .vp8 = vp8 ? &*vp8 : nullptr,
             .vp9 = vp9 ? &*vp9 : nullptr};
  }
  Understood(const Understood&) = delete;

  rtp::Header header;
  Bytes payload;
  std::optional<rtp::Vp8Descriptor> vp8;
  std::optional<rtp::Vp9Descriptor> vp9;
  Projection::Input input;
};

void Forwarder::receive(TimePoint now, const testing::Datagram& packet) {
  const Understood understood(codec_, numbers_, packet);
  const auto encoding = static_cast<std::size_t>(understood.input.encoding);
  if (orders_[encoding].received(understood.header.sequence).arrival != ReceiveOrder::Arrival::New) return;
  received_[encoding].insert_or_assign(understood.header.sequence, packet);
  const auto numbers = projection_.project(now, understood.input, outbound_);
  if (!numbers) return;
  send(understood, *numbers);
  ++forwarded_;
}

void Forwarder::send(const Understood& understood, const Projection::Numbers& numbers) {
  testing::Datagram sent(understood.payload.size() + 100);
  ByteWriter writer{MutableBytes(sent)};
  rtp::write_header(writer,
                    {.marker = numbers.marker,
                     .payload_type = numbers_.payload_type,
                     .sequence = numbers.sequence,
                     .timestamp = numbers.timestamp,
                     .ssrc = numbers_.ssrc},
                    {});
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
      const Understood understood(codec_, numbers_, packet->second);
      send(understood, projection_.map(understood.input));
    }
  }
}

}  // namespace conclave::sfu::pictures
