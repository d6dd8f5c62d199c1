#include "net/http_connection.h"

#include <exception>
#include <utility>

#include "base/log.h"
#include "net/http_wire.h"
#include "net/stream_websocket.h"
#include "net/websocket_handshake.h"

namespace conclave {

HttpConnection::HttpConnection(HttpServer& server, std::unique_ptr<Stream> stream)
    : Pinned(server.loop()), server_(server), stream_(std::move(stream)) {
  stream_->set_listener(this);
  stream_->start_reading();
  wait(Waiting::ForHead);
}

HttpConnection::~HttpConnection() {
  alive_.reset();  // a reply that this leads to comes too late
  tell_gone();
}

void HttpConnection::tell_gone() {
  if (!answering_ || !answering_->gone) return;
  const std::shared_ptr<HttpGone> gone = std::move(answering_->gone);
  if (gone->then) gone->then();
}

void HttpConnection::on_bytes(Bytes bytes) {
  input_.append(as_text(bytes));
  if (answering_ && input_.size() > kMaxUnaskedBytes) stream_->stop_reading();
  advance();
}

void HttpConnection::advance() {
  while (stream_ != nullptr && !upgrade_ && !answering_ && !asking_ && answer_one()) {
  }
}

// True if there may be more to do. False also when this connection is gone.
bool HttpConnection::answer_one() {
  if (is_sending() || stream_->buffered_bytes() > kMaxUnsentBytes) {
    paused_ = true;
    stream_->stop_reading();
    wait(Waiting::ForPeerToRead);
    return false;
  }
  if (input_.empty()) return false;
  const bool had_head = parser_.head_done();
  const bool had_started = parser_.started();
  const auto used = parser_.receive(input_);
  if (!used) {
    server_.home_.counters().http_bad_requests.add();
    respond(HttpResponse::text(used.error().status, std::string(used.error().why) + "\n"), false, false);
    close_after_output();
    return false;
  }
  input_.erase(0, *used);
  if (!parser_.done()) {
    if (parser_.head_done()) {
      if (!had_head) wait(Waiting::ForBody);
      if (parser_.take_expects_continue()) stream_->write("HTTP/1.1 100 Continue\r\n\r\n");
    } else if (!had_started && parser_.started() && waiting_ != Waiting::ForHead) {
      wait(Waiting::ForHead);
    }
    return false;
  }

  const bool keep_alive = parser_.keep_alive();
  is_http_1_1_ = parser_.is_http_1_1();
  HttpRequest request = parser_.take();
  request.peer = stream_->peer();
  request.tls = stream_->tls();
  server_.home_.counters().http_requests.add();
  if (is_http_1_1_ && wants_websocket(request)) {
    begin_upgrade(std::move(request), keep_alive);
    if (upgrade_) return false;
  } else {
    answering_ = Answering{
        .keep_alive = keep_alive, .head_only = request.method == "HEAD", .gone = std::make_shared<HttpGone>()};
    ask_handler(request);
  }
  if (asking_) stream_->stop_reading();
  if (answering_ || asking_) {
    wait(Waiting::ForHandler);  // still reading, to notice the end of the connection
    return false;
  }
  if (!keep_alive) {
    close_after_output();
    return false;
  }
  wait(Waiting::Idle);
  return true;
}

HttpResponse HttpConnection::failed(const HttpRequest& request, const std::exception& error) {
  server_.home_.counters().http_handler_failures.add();
  log::error("an HTTP request failed inside the server", {{"path", request.path}, {"reason", error.what()}});
  return HttpResponse::text(500, "Internal server error\n");
}

void HttpConnection::ask_handler(const HttpRequest& request) {
  in_handler_ = true;
  try {
    HttpReply reply = [this, alive = std::weak_ptr<bool>(alive_)](HttpResponse response) {
      if (!alive.expired()) answered(response);
    };
    server_.handler_.long_request(request, std::move(reply), std::shared_ptr<HttpGone>(answering_->gone));
  } catch (const std::exception& error) {
    answered(failed(request, error));
  }
  in_handler_ = false;
}

void HttpConnection::answered(const HttpResponse& response) {
  if (!answering_) return;
  const Answering how = *std::exchange(answering_, std::nullopt);
  respond(response, how.keep_alive, how.head_only);
  if (in_handler_) return;  // answer_one() goes on
  if (!how.keep_alive) return close_after_output();
  wait(Waiting::Idle);
  stream_->start_reading();
  advance();
}

void HttpConnection::begin_upgrade(HttpRequest request, bool keep_alive) {
  if (const auto refusal = websocket_refusal(request)) return respond(*refusal, keep_alive, false);
  asking_.emplace(Asking{std::move(request), keep_alive});
  in_handler_ = true;
  try {
    server_.handler_.upgrade_later(asking_->request,
                                   [this, alive = std::weak_ptr<bool>(alive_)](UpgradeDecision decision) {
                                     if (!alive.expired()) decided(std::move(decision));
                                   });
  } catch (const std::exception& error) {
    decision_ = failed(asking_->request, error);
  }
  in_handler_ = false;
  if (decision_) settle(*std::exchange(decision_, std::nullopt));
}

void HttpConnection::decided(UpgradeDecision decision) {
  if (!asking_) return;
  if (in_handler_) {  // which may still look at the request
    decision_ = std::move(decision);
    return;
  }
  const bool keep_alive = asking_->keep_alive;
  if (settle(std::move(decision))) return;
  if (!keep_alive) return close_after_output();
  wait(Waiting::Idle);
  stream_->start_reading();
  advance();
}

// False: refused, and the response is under way.
bool HttpConnection::settle(UpgradeDecision decision) {
  Asking asked = *std::exchange(asking_, std::nullopt);
  auto* accept = std::get_if<UpgradeAccept>(&decision);
  if (accept != nullptr && server_.find_loop(accept->loop) != nullptr) {
    stream_->stop_reading();
    stream_->write(websocket_response(asked.request, accept->subprotocol));
    wait(Waiting::ForPeerToRead);
    upgrade_.emplace(Upgrade{std::move(asked.request), std::move(*accept)});
    return true;
  }
  respond(accept != nullptr ? HttpResponse::text(503, "No such loop\n") : std::get<HttpResponse>(decision),
          asked.keep_alive, false);
  return false;
}

void HttpConnection::respond(const HttpResponse& response, bool keep_alive, bool head_only) {
  stream_->write(serialise(
      response,
      {.keep_alive = keep_alive, .is_http_1_1 = is_http_1_1_, .head_only = head_only, .date = loop().wall_now()}));
  if (head_only || !response.shared.owner || is_bodiless(response)) return;
  unsent_ = response.shared;
  send_piece();
}

void HttpConnection::send_piece() {
  const std::string_view piece = unsent_.bytes.substr(0, kPieceBytes);
  stream_->write(piece);
  unsent_.bytes.remove_prefix(piece.size());
  if (unsent_.bytes.empty()) unsent_.owner.reset();
}

void HttpConnection::on_written() {
  if (stream_->buffered_bytes() > 0) {
    if (waiting_ == Waiting::Idle) wait(Waiting::ForPeerToRead);
    return;
  }
  if (is_sending()) {
    send_piece();
    return wait(Waiting::ForPeerToRead);
  }
  if (closing_) return close_after_output();
  if (answering_ || asking_) return;
  if (upgrade_) return leave();
  if (waiting_ == Waiting::ForPeerToRead) wait(Waiting::Idle);
  if (std::exchange(paused_, false)) {
    stream_->start_reading();
    advance();
  }
}

// All answers are with the kernel: the connection goes to the loop of its WebSocket, with what the client already sent
// behind its request.
void HttpConnection::leave() {
  NetLoop* target = server_.find_loop(upgrade_->accept.loop);
  HttpHandler& handler = server_.handler_;
  stream_->set_listener(nullptr);
  if (target == &server_.home_) {
    auto socket =
        std::make_unique<StreamWebSocket>(*target, std::move(stream_), std::move(input_), upgrade_->accept.options);
    handler.websocket(target->uv(), std::move(upgrade_->request), std::move(socket));
    return remove();
  }
  target->uv().post([target, &handler, detached = stream_->detach(), unread = std::move(input_),
                     upgrade = std::move(*upgrade_)]() mutable {
    auto stream = Stream::adopt(*target, std::move(detached));
    if (stream == nullptr) return;  // out of descriptors: the connection ends
    auto socket =
        std::make_unique<StreamWebSocket>(*target, std::move(stream), std::move(unread), upgrade.accept.options);
    handler.websocket(target->uv(), std::move(upgrade.request), std::move(socket));
  });
  remove();
}

void HttpConnection::wait(Waiting what) {
  const HttpServerOptions& options = server_.options_;
  waiting_ = what;
  last_backlog_ = stream_->kernel_backlog();
  const Duration limit = what == Waiting::ForHead      ? options.head_timeout
                         : what == Waiting::ForBody    ? options.body_timeout
                         : what == Waiting::ForHandler ? options.answer_timeout
                                                       : options.idle_timeout;
  deadline_ = loop().now() + limit;
  // A timer that comes too early looks again, so that a busy connection does not make one per request.
  if (timer_.is_set() && timer_due_ <= deadline_) return;
  timer_due_ = deadline_;
  timer_ = loop().after(limit, [this] { time_passed(); });
}

void HttpConnection::time_passed() {
  // A wait that begins with a piece begins before the kernel has any of it.
  const bool reads = stream_->kernel_backlog() < last_backlog_ || last_backlog_ == 0;
  if (waiting_ == Waiting::ForPeerToRead && loop().now() >= deadline_ && reads && stream_->kernel_backlog() > 0) {
    last_backlog_ = stream_->kernel_backlog();
    deadline_ = loop().now() + server_.options_.idle_timeout;
  }
  if (loop().now() < deadline_) {
    timer_due_ = deadline_;
    timer_ = loop().after(deadline_ - loop().now(), [this] { time_passed(); });
    return;
  }
  server_.home_.counters().timeouts.add();
  if (waiting_ == Waiting::ForPeerToRead || waiting_ == Waiting::ForHandler) return remove();
  if (parser_.started()) respond(HttpResponse::text(408, "The request took too long\n"), false, false);
  close_after_output();
}

void HttpConnection::close_after_output() {
  if (is_sending()) {
    closing_ = true;
    stream_->stop_reading();
    return wait(Waiting::ForPeerToRead);
  }
  stream_->set_listener(nullptr);
  server_.home_.close_gently(std::move(stream_));
  remove();
}

void HttpConnection::on_ended(StreamEnd end) {
  // The peer may have ended its half only, and still wait for the responses. Who lets it wait for long is told all the
  // same: more often than not nobody is there.
  if (end == StreamEnd::PeerEnded && answering_) {
    answering_->keep_alive = false;
    return tell_gone();
  }
  if (end == StreamEnd::PeerEnded && (is_sending() || stream_->buffered_bytes() > 0)) return close_after_output();
  remove();
}

void HttpConnection::remove() {
  server_.forget(this);
}

}  // namespace conclave
