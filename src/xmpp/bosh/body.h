#pragma once
// <body/> as values: what a request says and how a response is written (XEP-0124, XEP-0206).
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "xmpp/element.h"

namespace conclave::xmpp::bosh {

inline constexpr std::string_view kNamespace = "http://jabber.org/protocol/httpbind";
inline constexpr std::string_view kXmppNamespace = "urn:xmpp:xbosh";
inline constexpr std::string_view kContentType = "text/xml; charset=utf-8";
inline constexpr std::uint64_t kMaxRid = (std::uint64_t{1} << 53) - 1;  // XEP-0124 §14.1

struct Request {
  std::uint64_t rid = 0;
  std::string sid = {};  // empty: a session is asked for
  bool terminate = false;
  bool restart = false;  // xmpp:restart
  std::optional<std::uint64_t> ack = {};
  std::optional<std::uint64_t> pause = {};  // seconds
  // Of the request for a session; `to` and `version` may come again with a restart.
  std::string to = {};
  std::string version = {};  // xmpp:version
  std::string ver = {};      // of XEP-0124; empty: a client from before it, which reads HTTP's status codes
  std::string content = {};  // the type that the responses shall have
  std::optional<std::uint64_t> wait = {};  // seconds
  std::optional<std::uint64_t> hold = {};
  std::vector<Element> payload = {};

  // Bytes of its elements as written, at least.
  std::size_t size_estimate() const;
  // Says nothing and wants nothing but an answer.
  bool empty() const { return payload.empty() && !terminate && !restart && !pause; }
};

// Fails for what is no <body/> of ours, or has a number that is none: bad-request (XEP-0124 §17.2).
struct BadBody {};
[[nodiscard]] Result<Request, BadBody> read_body(Element body);

struct Response {
  int status = 200;
  std::string content_type = std::string(kContentType);
  std::string body = {};
};

using Attributes = std::vector<std::pair<std::string_view, std::string>>;

// A <body/> around elements that are documents of their own.
std::string write_body(const Attributes& attributes, std::string_view payload = {});
// type='terminate'; without a condition it was wished for.
std::string terminate_body(std::string_view condition, std::string_view payload = {});
// XEP-0124 §17.1: what clients from before `ver` understand of a condition; 200 if they can only be told by a body.
int legacy_status(std::string_view condition);
// `wanted` if it is a kind of XML, else ours: the client's text becomes a header, and must not make a page of an
// answer.
std::string content_type(std::string_view wanted);
// The older of the client's version and ours.
std::string spoken_version(std::string_view ver);

}  // namespace conclave::xmpp::bosh
