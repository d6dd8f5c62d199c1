#include "xmpp/binding/tcp_binding.h"

#include <optional>
#include <utility>

#include "base/network.h"
#include "xmpp/tcp/plain_stream.h"
#include "xmpp/tcp/stream_parser.h"
#include "xmpp/tcp/stream_text.h"

namespace conclave::xmpp {

//   plain_ (STARTTLS asked for) ─ start_tls ─► handshake ─ on_tls ─► Sessions has it ─ logged_in ─► counts no more as
//   waiting
class TcpBinding::Connection final : public Transport, public TcpSocketListener {
 public:
  Connection(TcpBinding& binding, std::unique_ptr<TcpSocket> socket, std::string address)
      : binding_(binding),
        socket_(std::move(socket)),
        address_(std::move(address)),
        plain_(std::in_place, binding.domains_, binding.random_) {}
  ~Connection() override { socket_->set_listener(nullptr); }

  void start() {
    deadline_ = binding_.loop().after(binding_.limits_.tls_timeout, [this] { too_late(); });
    socket_->set_listener(this);
  }
  const std::string& address() const { return address_; }
  tcp::Admission::Was was() const { return logged_in_ ? tcp::Admission::Was::LoggedIn : tcp::Admission::Was::Waiting; }
  // The binding goes: so does the connection, wherever its session stands.
  void leave() {
    if (id_ && !closed_) binding_.sessions_.lost(*id_);
  }

  // --- Transport: from within Sessions
  void open(const StreamHeader& header) override { socket_->write(tcp::header_text(header)); }
  void send(std::string_view element) override { socket_->write(element); }
  void fail(const StreamError& error) override { socket_->write(stream_error_frame(error)); }
  void close() override {
    socket_->write(tcp::kStreamEnd);
    shut();
  }
  void logged_in() override {
    parser_.restart();
    if (!std::exchange(logged_in_, true)) binding_.admission_.logged_in(address_);
  }

  // --- TcpSocketListener
  void on_bytes(std::string_view bytes) override {
    while (!closed_) {
      auto item = parser_.next(bytes);
      if (!item) return;
      if (!plain_) {
        pass(std::move(*item));
      } else if (on_plain(*item, bytes) == Plain::Over) {
        return;
      }
    }
  }
  void on_tls() override {
    deadline_.cancel();
    binding_.counters_.secured.add();
    id_ = binding_.sessions_.connected(*this, {.peer = socket_->peer(), .confidential = true});
  }
  void on_closed() override {
    if (!id_) binding_.counters_.not_secured.add();
    leave();
    closed_ = true;
    binding_.forget(this);
  }

 private:
  enum class Plain { GoesOn, Over };

  // In clear. `rest`: what came behind it, which nobody may have sent after the request for TLS: it would be taken for
  // what was said inside.
  Plain on_plain(const tcp::Item& item, std::string_view rest) {
    tcp::PlainStream::Answer answer = plain_->take(item);
    if (answer.then == tcp::PlainStream::Then::StartTls && rest.find_first_not_of(" \t\r\n") != rest.npos) {
      answer = plain_->fail({"policy-violation", "Nothing may follow the request for TLS"});
    }
    socket_->write(answer.text);
    if (answer.then == tcp::PlainStream::Then::GoOn) return Plain::GoesOn;
    if (answer.then == tcp::PlainStream::Then::Close || !socket_->start_tls()) {
      give_up();
      return Plain::Over;
    }
    plain_.reset();
    parser_.restart();
    return Plain::Over;
  }

  void pass(tcp::Item item) {
    Sessions& sessions = binding_.sessions_;
    if (const auto* opening = std::get_if<StreamOpening>(&item)) return sessions.opened(*id_, *opening);
    if (const auto* error = std::get_if<ParseError>(&item)) return sessions.unreadable(*id_, *error);
    if (std::holds_alternative<tcp::StreamEnd>(item)) return sessions.finished(*id_);
    sessions.received(*id_, std::get<Element>(std::move(item)));
  }

  void too_late() {
    if (plain_) socket_->write(plain_->fail({"connection-timeout"}).text);
    give_up();
  }
  void give_up() {
    binding_.counters_.not_secured.add();
    shut();
  }
  void shut() {
    if (std::exchange(closed_, true)) return;
    deadline_.cancel();
    socket_->close();
    binding_.forget(this);
  }

  TcpBinding& binding_;
  std::unique_ptr<TcpSocket> socket_;
  std::string address_;
  tcp::StreamParser parser_;
  std::optional<tcp::PlainStream> plain_;  // until TLS is agreed on
  std::optional<ConnectionId> id_;         // from then on
  bool logged_in_ = false;
  bool closed_ = false;
  Timer deadline_;
};

TcpBinding::TcpBinding(Loop& loop, Sessions& sessions, const std::vector<std::string>& domains, Random& random,
                       const tcp::Limits& limits)
    : Pinned(loop), sessions_(sessions), domains_(domains), random_(random), limits_(limits), admission_(limits) {}

TcpBinding::~TcpBinding() {
  for (const auto& [key, connection] : connections_) connection->leave();
}

void TcpBinding::connected(std::unique_ptr<TcpSocket> socket) {
  assert_here();
  counters_.connections.add();
  std::string address = network_of(socket->peer());
  if (!admission_.admit(address)) {
    counters_.refused.add();
    return loop().destroy_later(std::move(socket));
  }
  auto made = std::make_unique<Connection>(*this, std::move(socket), std::move(address));
  Connection& connection = *made;
  connections_.emplace(&connection, std::move(made));
  connection.start();
}

void TcpBinding::forget(Connection* connection) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  std::unique_ptr<Connection> gone = std::move(found->second);
  connections_.erase(found);
  admission_.left(gone->address(), gone->was());
  loop().destroy_later(std::move(gone));
}

}  // namespace conclave::xmpp
