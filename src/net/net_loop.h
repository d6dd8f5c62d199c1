#pragma once
// What the sockets of one loop share: the read buffer, the counters, and connections that only wait to be closed.
// One per UvLoop, made by server/ on any thread before the loop runs; destroyed after the loop has stopped and before the loop itself,
// after everything else that holds a socket.
#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "loop/pinned.h"
#include "loop/uv_loop.h"
#include "net/net_counters.h"

namespace conclave {

class Stream;
class Lingering;

class NetLoop : public Pinned {
 public:
  static constexpr std::size_t kReadBufferBytes = 64 * 1024;
  // How long a connection that we closed waits for the peer's end, reading and throwing away, so that our last bytes arrive.
  static constexpr Duration kLingerTime = 2s;

  explicit NetLoop(UvLoop& loop);
  ~NetLoop();

  UvLoop& uv() { return uv_; }
  NetCounters& counters() { return counters_; }
  const NetCounters& counters() const { return counters_; }

  // net/ only. Sends what `stream` still holds, then its end, and closes it when the peer ended too or after kLingerTime.
  void close_gently(std::unique_ptr<Stream> stream);
  char* read_buffer() { return read_buffer_->data(); }

 private:
  friend class Lingering;
  void forget(Lingering* lingering);

  UvLoop& uv_;
  NetCounters counters_;
  std::unique_ptr<std::array<char, kReadBufferBytes>> read_buffer_;
  std::vector<std::unique_ptr<Lingering>> lingering_;
};

}  // namespace conclave
