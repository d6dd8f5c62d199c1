#include "net/framed_front.h"

#include <utility>

#include "base/network.h"
#include "net/tcp_listener.h"

namespace conclave {

class FramedFront::Newcomer final : public StreamListener {
 public:
  Newcomer(FramedFront& front, std::unique_ptr<Stream> stream, Otherwise otherwise)
      : front_(front), stream_(std::move(stream)), otherwise_(std::move(otherwise)) {
    stream_->set_listener(this);
    stream_->start_reading();
    limit_ = front_.loop().after(front_.options_.first_timeout, [this] { end(&front_.counters_.too_slow); });
  }

  void on_bytes(Bytes bytes) override {
    input_.append(as_text(bytes));
    advance();
  }
  void on_written() override { advance(); }
  void on_ended(StreamEnd) override { end(nullptr); }

 private:
  friend class FramedFront;

  void advance() {
    if (!place_ && !admit()) return;
    // What was answered has to be out before the connection can move.
    if (stream_->buffered_bytes() > 0) return input_.size() > kMaxFrameBytes ? stream_->stop_reading() : void();
    Deframer first;
    (void)first.receive(as_bytes(input_));
    if (first.too_long()) return end(&front_.counters_.not_understood);
    if (!first.whole()) return;
    const auto loop = front_.handler_.loop_of(first.packet());
    if (!loop) return end(&front_.counters_.nobodys);
    front_.move(*this, *loop);
  }

  // True once the connection is known to be one of ours and has its place.
  bool admit() {
    switch (first_bytes(as_bytes(input_))) {
      case FirstBytes::Undecided:
        return false;
      case FirstBytes::Other:
        pass_on();
        return false;
      case FirstBytes::PseudoTls:
        input_.erase(0, pseudo_tls_hello().size());
        stream_->write(pseudo_tls_answer());
        break;
      case FirstBytes::Framed:
        break;
    }
    place_ = front_.place_for(stream_->peer());
    if (place_) return true;
    end(&front_.counters_.full);
    return false;
  }

  void pass_on() {
    if (!otherwise_) return end(&front_.counters_.not_understood);
    stream_->stop_reading();
    stream_->set_listener(nullptr);
    limit_.cancel();
    auto last = std::move(otherwise_);
    auto stream = std::move(stream_);
    auto read = std::move(input_);
    front_.forget(this);
    last(std::move(stream), std::move(read));
  }

  void end(Counter* why) {
    if (why != nullptr) why->add();
    front_.forget(this);
  }

  FramedFront& front_;
  std::unique_ptr<Stream> stream_;
  Otherwise otherwise_;
  std::string input_;  // at most one read more than a packet
  std::optional<ConnectionSlot> place_;
  Timer limit_;
};

FramedFront::FramedFront(NetLoop& home, FramedHandler& handler, FramedFrontOptions options)
    : Pinned(home.uv()),
      home_(home),
      handler_(handler),
      options_(std::move(options)),
      open_(std::make_shared<OpenConnections>()) {}

FramedFront::~FramedFront() = default;

Result<void, NetError> FramedFront::listen(const Address& address, const std::string& port_setting) {
  auto listener = TcpListener::listen(home_, address, port_setting, [this](uv_stream_t* server) { accepted(server); });
  if (!listener) return failure(listener.error());
  listener_ = std::move(*listener);
  return {};
}

std::uint16_t FramedFront::port() const {
  return listener_ == nullptr ? std::uint16_t{0} : listener_->address().port();
}

void FramedFront::stop_listening() {
  listener_.reset();
}

void FramedFront::accepted(uv_stream_t* server) {
  const bool full = open_->count >= options_.max_connections;
  ++open_->count;
  auto stream = Stream::accept(home_, server, nullptr, ConnectionSlot(Remote<OpenConnections>(loop(), open_)));
  home_.counters().connections_accepted.add();
  if (full) counters_.full.add();
  if (full || stream == nullptr) return;
  sort(std::move(stream), Otherwise());
}

void FramedFront::sort(std::unique_ptr<Stream> stream, Otherwise otherwise) {
  assert_here();
  auto newcomer = std::make_unique<Newcomer>(*this, std::move(stream), std::move(otherwise));
  newcomers_.emplace(newcomer.get(), std::move(newcomer));
}

std::size_t FramedFront::unproven() const {
  std::size_t sum = 0;
  for (const auto& [network, open] : networks_) sum += open->count;
  return sum;
}

std::optional<ConnectionSlot> FramedFront::place_for(const Address& peer) {
  std::erase_if(networks_, [](const auto& entry) { return entry.second->count == 0; });
  if (unproven() >= options_.max_unproven) return std::nullopt;
  std::shared_ptr<OpenConnections>& of_network = networks_[network_of(peer)];
  if (of_network == nullptr) of_network = std::make_shared<OpenConnections>();
  if (of_network->count >= options_.max_unproven_of_network) return std::nullopt;
  ++of_network->count;
  return ConnectionSlot(Remote<OpenConnections>(loop(), of_network));
}

void FramedFront::move(Newcomer& newcomer, LoopId to) {
  NetLoop* target = nullptr;
  for (NetLoop* each : options_.loops) {
    if (each->uv().id() == to) target = each;
  }
  if (target == nullptr) return newcomer.end(&counters_.nobodys);
  counters_.taken.add();
  newcomer.stream_->set_listener(nullptr);
  target->uv().post([target, &handler = handler_, detached = newcomer.stream_->detach(),
                     unread = std::move(newcomer.input_), place = std::move(*newcomer.place_)]() mutable {
    auto stream = Stream::adopt(*target, std::move(detached));
    if (stream == nullptr) return;  // out of descriptors: the connection ends
    auto socket = std::make_unique<FramedSocket>(*target, std::move(stream), std::move(unread), std::move(place));
    handler.connected(target->uv().id(), std::move(socket));
  });
  forget(&newcomer);
}

void FramedFront::forget(Newcomer* newcomer) {
  const auto found = newcomers_.find(newcomer);
  if (found == newcomers_.end()) return;
  const std::unique_ptr<Newcomer> last = std::move(found->second);
  newcomers_.erase(found);
}

}  // namespace conclave
