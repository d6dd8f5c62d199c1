#include "server/channels.h"

#include <charconv>
#include <utility>
#include <vector>

namespace conclave::server {
namespace {

constexpr std::string_view kPrefix = "/colibri-ws/";

std::vector<std::string_view> split(std::string_view text) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t slash = text.find('/');
    parts.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    text.remove_prefix(slash + 1);
  }
}

}  // namespace

std::optional<ChannelPath> read_channel_path(const HttpRequest& request) {
  if (!request.path.starts_with(kPrefix)) return std::nullopt;
  const auto parts = split(std::string_view(request.path).substr(kPrefix.size()));
  if (parts.size() != 3) return std::nullopt;
  ChannelPath path{.loop = 0,
                   .conference = std::string(parts[1]),
                   .endpoint = std::string(parts[2]),
                   .password = std::string(request.query_value("pwd").value_or(""))};
  const auto [end, error] = std::from_chars(parts[0].data(), parts[0].data() + parts[0].size(), path.loop);
  if (error != std::errc{} || end != parts[0].data() + parts[0].size()) return std::nullopt;
  return path;
}

class Channels::Connection final : public WebSocketListener, public sfu::ChannelWriter {
 public:
  Connection(Channels& channels, std::unique_ptr<WebSocket> socket) : channels_(channels), socket_(std::move(socket)) {
    socket_->set_listener(this);
  }
  ~Connection() override { socket_->set_listener(nullptr); }

  void open(std::unique_ptr<sfu::Sfu::Channel> channel) {
    channel_ = std::move(channel);
    if (!channel_) socket_->close(close_code::kPolicyViolation, "authentication failed");
  }

  void on_text(std::string_view text) override {
    if (channel_) channel_->message(text);
  }
  void on_closed(std::uint16_t) override {
    channel_.reset();
    channels_.forget(this);
  }
  void send_text(std::string_view message) override { socket_->send_text(message); }
  void close(std::uint16_t code, std::string_view reason) override { socket_->close(code, reason); }

 private:
  Channels& channels_;
  std::unique_ptr<WebSocket> socket_;
  std::unique_ptr<sfu::Sfu::Channel> channel_;
};

Channels::Channels(Loop& loop, sfu::Sfu& sfu) : Pinned(loop), sfu_(sfu) {}
Channels::~Channels() = default;

void Channels::accept(const HttpRequest& request, std::unique_ptr<WebSocket> socket) {
  assert_here();
  const auto path = read_channel_path(request);
  auto connection = std::make_unique<Connection>(*this, std::move(socket));
  Connection& accepted = *connection;
  open_.emplace(&accepted, std::move(connection));
  accepted.open(path ? sfu_.open_channel(path->conference, path->endpoint, path->password, accepted) : nullptr);
}

void Channels::forget(Connection* connection) {
  const auto it = open_.find(connection);
  if (it == open_.end()) return;
  // It is on the stack below us.
  loop().destroy_later(std::move(it->second));
  open_.erase(it);
}

}  // namespace conclave::server
