#pragma once
// One connection while it speaks HTTP. Lives on the server's loop, owned by the HttpServer. Inside net/ only.
//
//   head ──► body ──► answered ─┬─► idle ──► head …
//    │                          ├─► upgrading ──► leaves for its WebSocket's loop
//    └── error, timeout ────────┴─► closed gently
#include <exception>
#include <memory>
#include <optional>
#include <string>

#include "net/http_parser.h"
#include "net/http_server.h"
#include "net/stream.h"

namespace conclave {

class HttpConnection final : public Pinned, private StreamListener {
 public:
  // What a client sends while a handler still thinks about its last request; with more, nothing further is read.
  static constexpr std::size_t kMaxUnaskedBytes = 64 * 1024;
  // Unsent responses; with more, no further pipelined request is read until the peer took some.
  static constexpr std::size_t kMaxUnsentBytes = 1024 * 1024;
  // Of a body that is shared: what is copied for the kernel at a time.
  static constexpr std::size_t kPieceBytes = 64 * 1024;

  HttpConnection(HttpServer& server, std::unique_ptr<Stream> stream);
  ~HttpConnection();

 private:
  enum class Waiting { ForHead, ForBody, Idle, ForPeerToRead, ForHandler };

  void on_bytes(Bytes bytes) override;
  void on_written() override;
  void on_ended(StreamEnd end) override;

  void advance();
  bool answer_one();
  void ask_handler(const HttpRequest& request);
  void answered(const HttpResponse& response);
  HttpResponse failed(const HttpRequest& request, const std::exception& error);
  void begin_upgrade(HttpRequest request, bool keep_alive);
  void decided(UpgradeDecision decision);
  bool settle(UpgradeDecision decision);
  void respond(const HttpResponse& response, bool keep_alive, bool head_only);
  void send_piece();
  bool is_sending() const { return !unsent_.bytes.empty(); }
  void leave();
  void wait(Waiting what);
  void time_passed();
  void close_after_output();
  void tell_gone();
  void remove();  // destroys this

  HttpServer& server_;
  std::unique_ptr<Stream> stream_;
  HttpRequestParser parser_;
  std::string input_;
  bool is_http_1_1_ = true;
  bool paused_ = false;
  SharedBytes unsent_;    // what is still to come of the last response
  bool closing_ = false;  // after that

  struct Upgrade {
    HttpRequest request;
    UpgradeAccept accept;
  };
  std::optional<Upgrade> upgrade_;

  struct Answering {
    bool keep_alive;
    bool head_only;
    std::shared_ptr<HttpGone> gone;
  };
  std::optional<Answering> answering_;  // the handler has the request, its reply is to come
  struct Asking {
    HttpRequest request;
    bool keep_alive;
  };
  std::optional<Asking> asking_;             // the handler has the upgrade, its decision is to come
  std::optional<UpgradeDecision> decision_;  // it came before the handler returned
  bool in_handler_ = false;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // what late replies look at

  Waiting waiting_ = Waiting::ForHead;
  TimePoint deadline_;
  TimePoint timer_due_;
  std::size_t last_backlog_ = 0;
  Timer timer_;
};

}  // namespace conclave
