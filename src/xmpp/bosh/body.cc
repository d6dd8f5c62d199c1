#include "xmpp/bosh/body.h"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace conclave::xmpp::bosh {
namespace {

constexpr unsigned kMajor = 1;
constexpr unsigned kMinor = 11;  // the version of XEP-0124 that this follows

template <class Number>
bool read_number(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

std::string xbosh(std::string_view local) {
  return "{" + std::string(kXmppNamespace) + "}" + std::string(local);
}

// False: it is there and no number.
bool read_optional(const Element& body, std::string_view name, std::optional<std::uint64_t>& into) {
  if (!body.has_attribute(name)) return true;
  return read_number(body.attribute(name), into.emplace());
}

bool is_true(std::string_view text) {
  return text == "true" || text == "1";
}

// COMPAT: clients that leave out xmlns="jabber:client", so that a stanza inherits the namespace of its <body/>.
Element as_stanza(Element element) {
  if (element.xmlns() != kNamespace) return element;
  Element stanza(element.name());
  for (const auto& [name, value] : element.attributes()) stanza.set(name, value);
  stanza.set_text(element.text());
  for (Element& child : element.children()) stanza.add(as_stanza(std::move(child)));
  return stanza;
}

}  // namespace

std::size_t Request::size_estimate() const {
  return std::accumulate(payload.begin(), payload.end(), std::size_t{0},
                         [](std::size_t sum, const Element& one) { return sum + one.size_estimate(); });
}

Result<Request, BadBody> read_body(Element body) {
  Request request;
  const bool readable = body.is("body", kNamespace) && read_number(body.attribute("rid"), request.rid) &&
                        request.rid > 0 && request.rid <= kMaxRid && read_optional(body, "ack", request.ack) &&
                        read_optional(body, "pause", request.pause) && read_optional(body, "wait", request.wait) &&
                        read_optional(body, "hold", request.hold);
  if (!readable) return failure(BadBody{});
  request.sid = body.attribute("sid");
  request.terminate = body.attribute("type") == "terminate";
  request.restart = is_true(body.attribute(xbosh("restart")));
  request.to = body.attribute("to");
  request.version = body.attribute(xbosh("version"));
  request.ver = body.attribute("ver");
  request.content = body.attribute("content");
  for (Element& child : body.children()) request.payload.push_back(as_stanza(std::move(child)));
  return request;
}

std::string write_body(const Attributes& attributes, std::string_view payload) {
  std::string text = R"(<body xmlns="http://jabber.org/protocol/httpbind")";
  for (const auto& [name, value] : attributes) {
    text.append(" ").append(name).append("=\"");
    append_escaped(text, value);
    text += '"';
  }
  if (payload.empty()) return text += "/>";
  return text.append(">").append(payload).append("</body>");
}

std::string terminate_body(std::string_view condition, std::string_view payload) {
  Attributes attributes{{"type", "terminate"}};
  if (!condition.empty()) attributes.emplace_back("condition", condition);
  return write_body(attributes, payload);
}

int legacy_status(std::string_view condition) {
  if (condition == "bad-request") return 400;
  if (condition == "policy-violation") return 403;
  if (condition == "item-not-found") return 404;
  return 200;
}

std::string content_type(std::string_view wanted) {
  static constexpr std::string_view kTaken[] = {"text/xml", "text/xml; charset=utf-8", "application/xml",
                                                "application/xml; charset=utf-8"};
  return std::string(std::ranges::count(kTaken, wanted) > 0 ? wanted : kContentType);
}

std::string spoken_version(std::string_view ver) {
  unsigned major = 0;
  unsigned minor = 0;
  const std::size_t dot = ver.find('.');
  const bool older = dot != std::string_view::npos && read_number(ver.substr(0, dot), major) &&
                     read_number(ver.substr(dot + 1), minor) && (major < kMajor || (major == kMajor && minor < kMinor));
  return older ? std::string(ver) : std::to_string(kMajor) + "." + std::to_string(kMinor);
}

}  // namespace conclave::xmpp::bosh
