#include "sfu/transport.h"

#include <algorithm>

#include "sfu/context.h"
#include "sfu/endpoint.h"

namespace conclave::sfu {
namespace {

bool well_formed(const Fingerprint& fingerprint) {
  if (fingerprint.hash.empty() || fingerprint.value.size() < 2) return false;
  for (std::size_t i = 0; i < fingerprint.value.size(); ++i) {
    const char c = fingerprint.value[i];
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (i % 3 == 2 ? c != ':' : !hex) return false;
  }
  return true;
}

void add(LocalTransport& local, const ice::Candidate& candidate) {
  local.candidates.push_back({.foundation = candidate.foundation,
                              .priority = candidate.priority,
                              .address = candidate.address,
                              .type = std::string(name(candidate.type)),
                              .protocol = std::string(name(candidate.protocol)),
                              .related = candidate.related});
}

}  // namespace

Transport::Transport(Context& context, Endpoint& owner) : context_(context), owner_(owner), ice_(context.random, context.now(), {.ufrag_prefix = context.options.ufrag_prefix}) {
  context_.ingress.add(ice_.local().ufrag, owner_);
}

Transport::~Transport() {
  if (dtls_ && !abandoned_) {
    dtls_->close();
    drain_dtls(context_.now());
  }
  abandon();
}

void Transport::abandon() {
  if (abandoned_) return;
  abandoned_ = true;
  context_.ingress.remove(ice_.local().ufrag);
  for (const Address& address : learnt_) context_.ingress.forget(address, owner_);
  for (const Address& address : expected_) context_.ingress.forget_expected(address, owner_);
  selected_.reset();
}

void Transport::describe(LocalTransport& local) const {
  local.ufrag = ice_.local().ufrag;
  local.pwd = ice_.local().pwd;
  local.fingerprint = {.hash = context_.certificate.fingerprint().algorithm, .value = context_.certificate.fingerprint().value};
  std::uint16_t preference = 65535;
  for (const Address& address : context_.options.advertised) add(local, ice::host_candidate(address, preference--));
  std::uint16_t place = 0;
  for (const auto& [address, pseudo_tls] : context_.tcp) {
    add(local, ice::passive_candidate(address, place++));
    if (pseudo_tls) local.candidates.back().protocol = "ssltcp";
  }
}

EndpointError Transport::accept(TimePoint now, const RemoteTransport& remote) {
  std::vector<dtls::Fingerprint> fingerprints;
  for (const Fingerprint& f : remote.fingerprints) {
    if (well_formed(f)) fingerprints.push_back({.algorithm = f.hash, .value = f.value});
  }
  if (fingerprints.empty()) return EndpointError::BadFingerprint;
  std::vector<ice::Candidate> candidates;
  for (const TransportCandidate& c : remote.candidates) {
    const auto type = ice::candidate_type(c.type);
    if (!type) continue;
    ice::Candidate candidate;
    candidate.foundation = c.foundation;
    candidate.priority = c.priority;
    candidate.address = c.address;
    candidate.type = *type;
    candidates.push_back(std::move(candidate));
  }
  if (!ice_.set_remote(now, {.ufrag = remote.ufrag, .pwd = remote.pwd}, candidates)) return EndpointError::BadCredentials;
  if (!accepted_) fingerprints_ = std::move(fingerprints);  // an established identity does not change
  accepted_ = true;
  if (dtls_) dtls_->set_remote_fingerprints(now, fingerprints_);
  drain(now);
  return EndpointError::None;
}

void Transport::receive_stun(TimePoint now, const Address& from, Bytes datagram, const Address* over_tcp) {
  if (abandoned_) return;
  ice_.receive(now, from, datagram, over_tcp);
  drain(now);
}

void Transport::path_closed(TimePoint now, const Address& path) {
  if (abandoned_) return;
  std::erase(expected_, path);
  context_.ingress.forget_expected(path, owner_);
  ice_.path_closed(now, path);
  drain(now);
}

void Transport::receive_dtls(TimePoint now, const Address& from, Bytes datagram) {
  if (abandoned_) return;
  if (!dtls_) {
    dtls_.emplace(context_.certificate, dtls::Role::Server, now);
    if (accepted_) dtls_->set_remote_fingerprints(now, fingerprints_);
  }
  dtls_from_ = from;
  dtls_->receive(now, datagram);
  drain(now);
}

void Transport::advance(TimePoint now) {
  if (abandoned_) return;
  if (const auto at = ice_.deadline(); at && *at <= now) ice_.advance(now);
  if (dtls_) {
    if (const auto at = dtls_->deadline(); at && *at <= now) dtls_->advance(now);
  }
  drain(now);
}

std::optional<TimePoint> Transport::deadline() const {
  if (abandoned_) return std::nullopt;
  std::optional<TimePoint> result = ice_.deadline();
  if (dtls_) {
    if (const auto at = dtls_->deadline(); at && (!result || *at < *result)) result = at;
  }
  return result;
}

void Transport::drain(TimePoint now) {
  while (const auto event = ice_.next_event()) on_ice(*event);
  while (const auto datagram = ice_.next_datagram()) {
    if (abandoned_) continue;
    const Address& to = datagram->to;
    if (std::find(expected_.begin(), expected_.end(), to) == expected_.end() && expected_.size() < ice::kMaxRemoteCandidates) {
      expected_.push_back(to);
      context_.ingress.expect(to, owner_);
    }
    context_.send(to, datagram->bytes);
  }
  drain_dtls(now);
}

void Transport::drain_dtls(TimePoint now) {
  if (!dtls_) return;
  while (const auto datagram = dtls_->next_datagram()) {
    if (!abandoned_) context_.send(selected_.value_or(dtls_from_), *datagram);
  }
  while (const auto event = dtls_->next_event()) {
    switch (event->kind) {
      case dtls::DtlsEvent::Kind::Connected:
        if (dtls_->keying_material()) srtp_.emplace(context_.srtp, *dtls_->keying_material(), srtp::Side::Server);
        break;
      case dtls::DtlsEvent::Kind::Failed:
        context_.counters.dtls_failed.add();
        failed(name(event->reason));
        break;
      case dtls::DtlsEvent::Kind::Closed:
        failed("dtls closed by the peer");
        break;
    }
  }
  if (!connected_ && !failed_ && ready()) {
    connected_ = true;
    owner_.transport_connected(now);
  }
}

void Transport::on_ice(const ice::IceEvent& event) {
  switch (event.kind) {
    case ice::IceEvent::Kind::AddressLearnt:
      if (abandoned_) break;
      learnt_.push_back(event.address);
      context_.ingress.learn(event.address, owner_);
      break;
    case ice::IceEvent::Kind::AddressForgotten:
      std::erase(learnt_, event.address);
      context_.ingress.forget(event.address, owner_);
      break;
    case ice::IceEvent::Kind::Connected:
      context_.counters.ice_connected.add();
      [[fallthrough]];
    case ice::IceEvent::Kind::SelectedChanged:
      if (!abandoned_) selected_ = event.address;
      break;
    case ice::IceEvent::Kind::Failed:
      selected_.reset();
      context_.counters.ice_failed.add();
      failed("ice consent lost");
      break;
  }
}

void Transport::failed(std::string_view why) {
  if (failed_) return;
  failed_ = true;
  owner_.transport_failed(why);
}

std::string_view Transport::state() const {
  if (abandoned_) return "abandoned";
  if (failed_) return "failed";
  if (connected_) return "connected";
  if (srtp_ || dtls_) return "dtls";
  return selected_ ? "ice connected" : "new";
}

}  // namespace conclave::sfu
