#include "net/net_loop.h"

#include <algorithm>
#include <csignal>

#include "net/stream.h"

namespace conclave {

// Reads and throws away until the peer ends: closing a socket with unread input would make the kernel take back what we sent last.
class Lingering final : public StreamListener {
 public:
  Lingering(NetLoop& home, std::unique_ptr<Stream> stream) : home_(home), stream_(std::move(stream)) {
    stream_->set_listener(this);
    stream_->shutdown();
    stream_->start_reading();
    limit_ = home.uv().after(NetLoop::kLingerTime, [this] { home_.forget(this); });
  }
  void on_bytes(Bytes) override {}
  void on_written() override {
    if (stream_->ended() && stream_->buffered_bytes() == 0) home_.forget(this);
  }
  void on_ended(StreamEnd) override { home_.forget(this); }

 private:
  NetLoop& home_;
  std::unique_ptr<Stream> stream_;
  Timer limit_;
};

NetLoop::NetLoop(UvLoop& loop)
    : Pinned(loop), uv_(loop), read_buffer_(std::make_unique<std::array<char, kReadBufferBytes>>()) {
  // libuv writes without MSG_NOSIGNAL: a peer that went away must be an error, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
}

NetLoop::~NetLoop() = default;

void NetLoop::close_gently(std::unique_ptr<Stream> stream) {
  lingering_.push_back(std::make_unique<Lingering>(*this, std::move(stream)));
}

void NetLoop::forget(Lingering* lingering) {
  std::erase_if(lingering_, [&](const auto& entry) { return entry.get() == lingering; });
}

}  // namespace conclave
