#pragma once
// The SFU of one loop: its conferences, and the ways in and out. See docs/life-of-a-packet.md.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/byte_reader.h"
#include "base/random.h"
#include "loop/pinned.h"
#include "sfu/media.h"

namespace conclave::dtls {
class Certificate;
}
namespace conclave::srtp {
class Library;
}

namespace conclave::sfu {

class Conference;
struct SfuCounters;
struct Statistics;

// Where datagrams go. Implemented over net's UDP socket by server/. `send` copies; no allocation.
class DatagramPort {
 public:
  virtual ~DatagramPort() = default;
  virtual void send(const Address& to, Bytes datagram) = 0;
};

// One open bridge channel (a WebSocket). Implemented by server/. Neither function calls back into the SFU.
class ChannelWriter {
 public:
  virtual ~ChannelWriter() = default;
  virtual void send_text(std::string_view message) = 0;
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
};

// What a conference tells focus. Called on the conference's loop; may call back into the conference, except remove itself.
class ConferenceListener {
 public:
  virtual ~ConferenceListener() = default;
  virtual void endpoint_connected(const EndpointId& endpoint) = 0;
  // ICE, consent or DTLS is lost for good. Focus ends or renews the session; the endpoint stays until it is removed.
  virtual void endpoint_failed(const EndpointId& endpoint, std::string_view why) = 0;
  virtual void dominant_speaker_changed(const EndpointId& endpoint) = 0;
};

struct TcpAddress {
  Address address;
  bool pseudo_tls = false;  // "ssltcp": connections begin with a fixed greeting that looks like TLS
};

struct SfuOptions {
  std::vector<Address> advertised;  // host candidates, with the port of this loop's socket
  std::string ufrag_prefix = {};  // tells which SFU an endpoint belongs to; ice-chars
  std::size_t max_endpoints = 5000;
  std::size_t loudest_speakers = 0;  // of one conference, beside the dominant one, whose sound is passed on; 0: everybody's
  // The process's one srtp::Library. If null the Sfu makes its own, which only a process with one Sfu may leave to it.
  const srtp::Library* srtp = nullptr;
};

class Sfu : public Pinned {
 public:
  Sfu(Loop& loop, DatagramPort& port, const dtls::Certificate& certificate, Random& random, SfuOptions options);
  ~Sfu();  // after all its conferences

  // Null when a limit is reached. The listener outlives the conference.
  std::unique_ptr<Conference> create_conference(ConferenceListener& listener);

  // One received datagram, decrypted in place. Garbage is counted and dropped in silence.
  void receive(const Address& from, MutableBytes datagram);
  // The same over a TCP connection of `peer`. `path` names the connection here and in DatagramPort::send.
  void receive_over_tcp(const Address& path, const Address& peer, MutableBytes packet);
  void path_closed(const Address& path);
  // Whether somebody has proven that this address, or path, is his.
  bool knows(const Address& address) const;

  void set_tcp(std::vector<TcpAddress> addresses);

  // A bridge channel that presents these path parts; null if they name no endpoint or the password is wrong (compared in constant
  // time; callers must not tell which). The channel is replaced (1000 "replaced") by a newer one of the same endpoint.
  // Returns a token that the caller passes with each message and when the channel is gone.
  class Channel {
   public:
    virtual ~Channel() = default;  // the socket is gone
    virtual void message(std::string_view text) = 0;
  };
  std::unique_ptr<Channel> open_channel(std::string_view conference, std::string_view endpoint, std::string_view password,
                                        ChannelWriter& writer);
  bool would_open_channel(std::string_view conference, std::string_view endpoint, std::string_view password) const;

  const SfuCounters& counters() const;
  // As things are now, of all conferences; what grows is in counters().
  Statistics statistics() const;
  // Live state as JSON text, for tests.
  std::string debug_state() const;

  struct State;  // sfu/sfu_state.h, for this folder alone

 private:
  std::unique_ptr<State> state_;
};

}  // namespace conclave::sfu
