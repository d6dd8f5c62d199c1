// The one unit that sees Boost.Beast: it is slow to compile.
#include "net/http_parser.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include "net/http_target.h"

namespace conclave {
namespace {

namespace http = boost::beast::http;
using Text = boost::beast::string_view;

std::string_view view(Text text) { return {text.data(), text.size()}; }

// Beast's callbacks can only say an error_code; this one stands for `refusal_`, which has the status.
http::error refused() { return http::error::bad_value; }

}  // namespace

// Fills an HttpRequest directly, so that what is refused is refused before it is stored.
class HttpRequestParser::Parser final : public http::basic_parser<true> {
 public:
  Parser() {
    header_limit(static_cast<std::uint32_t>(kMaxRequestHeadBytes));
    body_limit(kMaxRequestBodyBytes);
    eager(true);
  }

  const HttpParseError* refusal() const { return refusal_ ? &*refusal_ : nullptr; }
  bool has_target() const { return has_target_; }
  bool is_http_1_1() const { return version_ >= 11; }
  bool expects_continue = false;
  HttpRequest request;

 private:
  void refuse(int status, std::string_view why, boost::system::error_code& error) {
    refusal_ = HttpParseError{status, why};
    error = refused();
  }

  void on_request_impl(http::verb, Text method, Text target, int version, boost::system::error_code& error) override {
    has_target_ = true;
    version_ = version;
    if (target.size() > kMaxTargetBytes) return refuse(414, "the target is longer than 8 KiB", error);
    if (version < 10 || version > 11) return refuse(400, "only HTTP/1.0 and HTTP/1.1 are spoken here", error);
    auto parsed = parse_http_target(view(target));
    if (!parsed) return refuse(400, "the target is malformed", error);
    request.method = view(method);
    request.target = view(target);
    request.path = std::move(parsed->path);
    request.query = std::move(parsed->query);
  }
  void on_response_impl(int, Text, int, boost::system::error_code&) override {}

  void on_field_impl(http::field, Text name, Text value, boost::system::error_code& error) override {
    if (request.headers.size() == kMaxHeaders) return refuse(431, "more than 100 header fields", error);
    request.headers.add(view(name), view(value));
  }

  void on_header_impl(boost::system::error_code& error) override {
    const auto hosts = request.headers.count("Host");
    if (hosts > 1 || (hosts == 0 && version_ == 11)) return refuse(400, "exactly one Host is needed", error);
    const auto coding = request.headers.find("Transfer-Encoding");
    // Both would let two readers of the stream disagree where the request ends (RFC 9112 §6.3).
    if (coding && request.headers.find("Content-Length")) return refuse(400, "Content-Length beside Transfer-Encoding", error);
    if (coding && version_ == 10) return refuse(400, "Transfer-Encoding in HTTP/1.0", error);
    if (coding && !same_without_case(*coding, "chunked")) return refuse(501, "no transfer coding but chunked is known", error);
    const auto expect = request.headers.find("Expect");
    expects_continue = version_ == 11 && expect && same_without_case(*expect, "100-continue");
  }

  void on_body_init_impl(boost::optional<std::uint64_t> const&, boost::system::error_code&) override {}
  std::size_t on_body_impl(Text body, boost::system::error_code&) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_chunk_header_impl(std::uint64_t, Text, boost::system::error_code&) override {}
  std::size_t on_chunk_body_impl(std::uint64_t, Text body, boost::system::error_code&) override {
    request.body.append(body.data(), body.size());
    return body.size();
  }
  void on_finish_impl(boost::system::error_code&) override {}

  std::optional<HttpParseError> refusal_;
  int version_ = 0;
  bool has_target_ = false;
};

HttpRequestParser::HttpRequestParser() { restart(); }
HttpRequestParser::~HttpRequestParser() = default;

void HttpRequestParser::restart() {
  parser_ = std::make_unique<Parser>();
  started_ = false;
}

Result<std::size_t, HttpParseError> HttpRequestParser::receive(std::string_view bytes) {
  std::size_t used = 0;
  // An empty line in front of a request is overlooked (RFC 9112 §2.2).
  while (!started_ && bytes.substr(used, 2) == "\r\n") used += 2;
  while (used < bytes.size() && !parser_->is_done()) {
    if (!started_ && bytes.substr(used) == "\r") break;
    started_ = true;
    boost::system::error_code error;
    const std::size_t taken = parser_->put(boost::asio::const_buffer(bytes.data() + used, bytes.size() - used), error);
    used += taken;
    if (error == http::error::need_more) break;
    if (error) {
      if (const auto* refusal = parser_->refusal()) return failure(*refusal);
      if (error == http::error::body_limit) return failure(HttpParseError{413, "the body is longer than 256 KiB"});
      if (error == http::error::header_limit) {
        if (!parser_->has_target()) return failure(HttpParseError{414, "the request line is too long"});
        return failure(HttpParseError{431, "the head is longer than 16 KiB"});
      }
      return failure(HttpParseError{400, "the request is malformed"});
    }
    if (taken == 0) break;
  }
  return used;
}

bool HttpRequestParser::started() const { return started_; }
bool HttpRequestParser::head_done() const { return parser_->is_header_done(); }
bool HttpRequestParser::done() const { return parser_->is_done(); }
bool HttpRequestParser::keep_alive() const { return parser_->keep_alive(); }
bool HttpRequestParser::is_http_1_1() const { return parser_->is_http_1_1(); }

bool HttpRequestParser::take_expects_continue() {
  return std::exchange(parser_->expects_continue, false) && !parser_->is_done();
}

HttpRequest HttpRequestParser::take() {
  HttpRequest request = std::move(parser_->request);
  restart();
  return request;
}

}  // namespace conclave
