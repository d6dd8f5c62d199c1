#pragma once
// One HTTP/1.1 request after another out of bytes, by Boost.Beast's parser. No loop, no socket.
#include <cstddef>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "net/http.h"

namespace conclave {

struct HttpParseError {
  int status;  // 400, 413, 414, 431, 501
  std::string_view why;
};

class HttpRequestParser {
 public:
  HttpRequestParser();
  ~HttpRequestParser();

  // `bytes` begins where the last call stopped; gives how many were used. Stops behind a head whose body waits for "100 Continue" not at all:
  // look at expects_continue() after each call. After an error the connection is of no more use.
  Result<std::size_t, HttpParseError> receive(std::string_view bytes);

  bool started() const;    // any byte of a request seen
  bool head_done() const;
  bool done() const;
  // Once per request, when its head is done and its body did not come along (RFC 9110 §10.1.1).
  bool take_expects_continue();

  // When done(): whether the connection goes on, the version, and the request; then ready for the next one.
  bool keep_alive() const;
  bool is_http_1_1() const;
  HttpRequest take();

 private:
  class Parser;
  void restart();
  std::unique_ptr<Parser> parser_;
  bool started_ = false;
};

}  // namespace conclave
