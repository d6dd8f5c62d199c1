#include "sfu/load/client.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "sfu/rtp/packet.h"
#include "sfu/rtp/rtcp.h"

namespace conclave::load {
namespace {

constexpr int kSocketBytes = 1024 * 1024;
constexpr std::size_t kBatch = 64;
constexpr std::size_t kDatagramBytes = 1600;
constexpr std::uint64_t kVerifyEach = 64;
constexpr Duration kReportEach = 1s;

sockaddr_in native(const Address& address) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(address.port());
  std::memcpy(&result.sin_addr, address.ip_bytes().data(), sizeof(result.sin_addr));
  return result;
}

int bound_socket(const Address& address) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const sockaddr_in at = native(address);
  if (fd < 0 || ::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof(at)) != 0) {
    std::perror("sfu_load: bind");
    std::exit(1);
  }
  (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kSocketBytes, sizeof(kSocketBytes));
  (void)::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kSocketBytes, sizeof(kSocketBytes));
  return fd;
}

// Buffers and headers for recvmmsg and sendmmsg, shared by all clients: there is one thread.
struct Batch {
  Batch() {
    for (std::size_t i = 0; i < kBatch; ++i) {
      parts[i] = {.iov_base = buffers[i].data(), .iov_len = kDatagramBytes};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
  }
  std::array<std::array<std::byte, kDatagramBytes>, kBatch> buffers;
  std::array<iovec, kBatch> parts;
  std::array<mmsghdr, kBatch> messages{};
};

Batch& incoming() {
  static Batch batch;
  return batch;
}
Batch& outgoing() {
  static Batch batch;
  return batch;
}

}  // namespace

Client::Client(World& world, std::string id, ice::Role role, TimePoint now)
    : world_(world), id_(std::move(id)), fd_(bound_socket(world.bind)), ice_(world.random, now, {.role = role}) {}

Client::~Client() {
  ::close(fd_);
}

std::uint16_t Client::port() const {
  sockaddr_in at{};
  socklen_t length = sizeof(at);
  (void)::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &length);
  return ntohs(at.sin_port);
}

bool Client::set_remote(TimePoint now, const Remote& remote) {
  remote_ = remote;
  const sockaddr_in to = native(remote.address);
  if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof(to)) != 0) return false;
  if (!ice_.set_remote(now, remote.credentials, {ice::host_candidate(remote.address)})) return false;
  drain(now);
  return true;
}

void Client::start(TimePoint at) {
  started_ = true;
  for (Sending& sending : streams_) sending.next = at;
}

void Client::readable(TimePoint now, Counts& counts) {
  Batch& batch = incoming();
  for (;;) {
    const int count = ::recvmmsg(fd_, batch.messages.data(), kBatch, 0, nullptr);
    if (count <= 0) return;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      take(now, MutableBytes(batch.buffers[i]).first(batch.messages[i].msg_len), counts);
    }
    if (static_cast<std::size_t>(count) < kBatch) return;
  }
}

void Client::take(TimePoint now, MutableBytes datagram, Counts& counts) {
  if (datagram.empty()) return;
  const auto first = std::to_integer<int>(datagram[0]);
  if (first >= 128) return take_media(datagram, counts);
  if (first <= 3) {
    ice_.receive(now, remote_.address, datagram);
  } else if (dtls_) {
    dtls_->receive(now, datagram);
  }
  drain(now);
}

void Client::take_media(MutableBytes datagram, Counts& counts) {
  if (!srtp_ || datagram.size() < rtp::kFixedHeaderBytes || rtp::looks_like_rtcp(datagram)) return;
  if ((std::to_integer<int>(datagram[1]) & 0x7f) != remote_.payload_type) return;
  ++counts.delivered;
  if (seen_++ % kVerifyEach != 0) return;
  const auto length = srtp_->unprotect_rtp(datagram);
  if (!length) {
    ++counts.bad;
    return;
  }
  ++counts.verified;
  counts.delays.push_back(std::chrono::steady_clock::now() - Stream::made_at(datagram.first(*length)));
}

void Client::advance(TimePoint now) {
  if (const auto at = ice_.deadline(); at && *at <= now) ice_.advance(now);
  if (dtls_) {
    if (const auto at = dtls_->deadline(); at && *at <= now) dtls_->advance(now);
  }
  drain(now);
  if (srtp_ && now - reported_ >= kReportEach) {
    reported_ = now;
    report();
  }
}

void Client::drain(TimePoint now) {
  while (const auto event = ice_.next_event()) {
    if (event->kind != ice::IceEvent::Kind::Connected || dtls_) continue;
    dtls_.emplace(*world_.certificate, dtls::Role::Client, now);
    dtls_->set_remote_fingerprints(now, {{.algorithm = "sha-256", .value = remote_.fingerprint}});
  }
  while (const auto datagram = ice_.next_datagram())
    (void)::send(fd_, datagram->bytes.data(), datagram->bytes.size(), 0);
  if (!dtls_) return;
  while (const auto datagram = dtls_->next_datagram()) (void)::send(fd_, datagram->data(), datagram->size(), 0);
  while (const auto event = dtls_->next_event()) {
    if (event->kind == dtls::DtlsEvent::Kind::Connected) {
      srtp_.emplace(world_.library, *dtls_->keying_material(), srtp::Side::Client);
    } else {
      std::fprintf(stderr, "sfu_load: %s: DTLS ended: %s\n", id_.c_str(),
                   std::string(dtls::name(event->reason)).c_str());
    }
  }
}

TimePoint Client::send_due(TimePoint now, Counts& counts) {
  TimePoint next = TimePoint::max();
  if (!started_ || !srtp_) return next;
  for (Sending& sending : streams_) {
    while (sending.next <= now) {
      send_frame(sending.stream, counts);
      sending.next += sending.stream.interval();
    }
    next = std::min(next, sending.next);
  }
  return next;
}

void Client::send_frame(Stream& stream, Counts& counts) {
  Batch& batch = outgoing();
  std::size_t waiting = 0;
  const auto flush = [&] {
    const int sent = ::sendmmsg(fd_, batch.messages.data(), static_cast<unsigned>(waiting), 0);
    if (sent > 0) counts.sent += static_cast<std::uint64_t>(sent);
    waiting = 0;
  };
  for (const std::vector<std::byte>& clear : stream.next_frame(std::chrono::steady_clock::now())) {
    std::memcpy(batch.buffers[waiting].data(), clear.data(), clear.size());
    const auto length = srtp_->protect_rtp(batch.buffers[waiting], clear.size());
    if (!length) continue;
    batch.parts[waiting].iov_len = *length;
    if (++waiting == kBatch) flush();
  }
  if (waiting > 0) flush();
}

// An empty receiver report: a sign of life, as browsers give one.
void Client::report() {
  std::array<std::byte, 64> buffer;
  ByteWriter writer{MutableBytes(buffer)};
  rtp::write_receiver_report(writer, streams_.empty() ? 1 : streams_[0].stream.options().ssrc, {});
  if (const auto length = srtp_->protect_rtcp(buffer, writer.position())) (void)::send(fd_, buffer.data(), *length, 0);
}

}  // namespace conclave::load
