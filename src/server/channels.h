#pragma once
// Bridge channels: where a WebSocket and the SFU touch (media.md 6.1).
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "loop/pinned.h"
#include "net/http.h"
#include "net/websocket.h"
#include "sfu/sfu.h"

namespace conclave::server {

// "/colibri-ws/<loop>/<conference>/<endpoint>?pwd=<password>"
struct ChannelPath {
  std::uint32_t loop = 0;
  std::string conference;
  std::string endpoint;
  std::string password;
};
std::optional<ChannelPath> read_channel_path(const HttpRequest& request);

// The channels of one loop; lives on it, as the Sfu does, which outlives it.
class Channels : public Pinned {
 public:
  Channels(Loop& loop, sfu::Sfu& sfu);
  ~Channels();

  // A socket that names no endpoint, or has the wrong password, is closed with 1008.
  void accept(const HttpRequest& request, std::unique_ptr<WebSocket> socket);
  std::size_t open() const { return open_.size(); }

 private:
  class Connection;
  void forget(Connection* connection);

  sfu::Sfu& sfu_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> open_;
};

}  // namespace conclave::server
