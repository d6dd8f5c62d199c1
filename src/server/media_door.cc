#include "server/media_door.h"

#include <algorithm>
#include <array>
#include <utility>

#include "server/station.h"
#include "sfu/ice/ice_agent.h"

namespace conclave::server {
namespace {

// RFC 8839 §5.4: what a ufrag may consist of.
constexpr std::string_view kIceChars = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static_assert(kIceChars.size() == kMostLoops);

constexpr std::array<std::byte, 8> kDiscard = {std::byte{1}};  // 0100::/64

Address path_of(std::uint64_t number) {
  std::array<std::byte, 16> ip{};
  std::copy(kDiscard.begin(), kDiscard.end(), ip.begin());
  ByteWriter(MutableBytes(ip).subspan(kDiscard.size())).u64(number);
  return Address::v6(ip, 9);
}

}  // namespace

std::string ufrag_prefix(LoopId loop) {
  return std::string(1, kIceChars[loop.value % kMostLoops]);
}

std::optional<LoopId> loop_of_ufrag(std::string_view ufrag) {
  const std::size_t place = ufrag.empty() ? std::string_view::npos : kIceChars.find(ufrag.front());
  if (place == std::string_view::npos) return std::nullopt;
  return LoopId{static_cast<std::uint32_t>(place)};
}

std::optional<LoopId> MediaDoor::loop_of(Bytes first_packet) {
  const auto ufrag = ice::local_ufrag_of(first_packet);
  const auto loop = ufrag ? loop_of_ufrag(*ufrag) : std::nullopt;
  return loop && loop->value < stations_.size() ? loop : std::nullopt;
}

void MediaDoor::connected(LoopId home, std::unique_ptr<FramedSocket> socket) {
  stations_[home.value]->tcp_media().accept(std::move(socket));
}

class TcpMedia::Connection final : public FramedSocketListener {
 public:
  Connection(TcpMedia& media, Address path, std::unique_ptr<FramedSocket> socket)
      : media_(media), path_(path), socket_(std::move(socket)) {
    socket_->set_listener(this);
  }

  void on_packet(MutableBytes packet) override {
    if (refused_) return;
    media_.counters_.packets_in.add();
    media_.sfu_.receive_over_tcp(path_, socket_->peer(), packet);
    if (proven_) return;
    proven_ = media_.sfu_.knows(path_);
    if (proven_) return socket_->proven();
    refused_ = true;
    media_.counters_.not_proven.add();
    media_.close_later(path_);  // after what was answered
  }
  void on_closed() override { media_.close(path_); }

  bool send(Bytes packet) { return socket_->send(packet); }

 private:
  TcpMedia& media_;
  const Address path_;
  std::unique_ptr<FramedSocket> socket_;
  bool proven_ = false;
  bool refused_ = false;
};

TcpMedia::TcpMedia(Loop& loop, sfu::Sfu& sfu) : Pinned(loop), sfu_(sfu) {}

TcpMedia::~TcpMedia() = default;

bool TcpMedia::is_discard(const Address& address) {
  return std::equal(kDiscard.begin(), kDiscard.end(), address.ip_bytes().begin());
}

void TcpMedia::accept(std::unique_ptr<FramedSocket> socket) {
  assert_here();
  const Address path = path_of(next_++);
  connections_.emplace(path, std::make_unique<Connection>(*this, path, std::move(socket)));
  if (!sweep_.is_set()) sweep_ = loop().after(kSweep, [this] { sweep(); });
}

void TcpMedia::send(const Address& path, Bytes packet) {
  const auto found = connections_.find(path);
  if (found == connections_.end()) return;
  (found->second->send(packet) ? counters_.packets_out : counters_.dropped).add();
}

void TcpMedia::close_later(const Address& path) {
  loop().post([this, path, alive = std::weak_ptr<int>(alive_)] {
    if (!alive.expired()) close(path);
  });
}

void TcpMedia::close(const Address& path) {
  const auto found = connections_.find(path);
  if (found == connections_.end()) return;
  const std::unique_ptr<Connection> last = std::move(found->second);
  connections_.erase(found);
  sfu_.path_closed(path);
}

void TcpMedia::sweep() {
  sweep_.cancel();
  std::erase_if(connections_, [this](const auto& entry) { return !sfu_.knows(entry.first); });
  if (!connections_.empty()) sweep_ = loop().after(kSweep, [this] { sweep(); });
}

}  // namespace conclave::server
