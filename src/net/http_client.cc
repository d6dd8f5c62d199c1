#include "net/http_client.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <map>

#include "base/check.h"
#include "net/http_url.h"
#include "net/private_address.h"
#include "net/sockaddr.h"

namespace conclave {
namespace {

using Kind = HttpClientError::Kind;

constexpr char kUserAgent[] = "Conclave/" CONCLAVE_VERSION;

// CURL and CURLM are both void, so the way to free one is part of the type.
template <auto kFree>
struct CurlFree {
  void operator()(auto* owned) const { (void)kFree(owned); }
};
using Easy = std::unique_ptr<CURL, CurlFree<curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, CurlFree<curl_multi_cleanup>>;
using List = std::unique_ptr<curl_slist, CurlFree<curl_slist_free_all>>;

bool is_token(std::string_view text) {  // RFC 9110 §5.6.2
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           kMarks.find(c) != std::string_view::npos;
  });
}

bool is_sendable(const HttpClientRequest& request) {
  return is_token(request.method) && std::all_of(request.headers.begin(), request.headers.end(), [](const auto& field) {
           return is_token(field.first) &&
                  field.second.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos;
         });
}

Kind kind_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return Kind::BadUrl;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
      return Kind::Connect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return Kind::Tls;
    case CURLE_OPERATION_TIMEDOUT:
      return Kind::Timeout;
    default:
      return Kind::Other;
  }
}

// One request, waiting or running.
struct Transfer {
  HttpClientRequest request;
  HttpFetcher::Reply reply;
  std::string origin;
  Timer deadline;
  Easy easy;
  List headers;
  char error[CURL_ERROR_SIZE] = {};
  HttpClientResponse response{};
  std::size_t head_bytes = 0;
  bool too_large = false;
  bool refused_private = false;
};

std::size_t take_body(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.response.body.size() + count > transfer.request.max_bytes) {
    transfer.too_large = true;
    return 0;
  }
  transfer.response.body.append(bytes, count);
  return count;
}

std::size_t take_head_line(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  std::string_view line(bytes, count);
  transfer.head_bytes += count;
  if (transfer.head_bytes > HttpClient::kMaxHeadBytes) {
    transfer.too_large = true;
    return 0;
  }
  constexpr std::string_view kSpace = " \t\r\n";
  while (!line.empty() && kSpace.find(line.back()) != std::string_view::npos) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    transfer.response.headers = {};  // what came before belonged to an interim response (100)
    return count;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return count;
  std::string_view value = line.substr(colon + 1);
  while (!value.empty() && kSpace.find(value.front()) != std::string_view::npos) value.remove_prefix(1);
  transfer.response.headers.add(line.substr(0, colon), value);
  return count;
}

curl_socket_t open_socket(void* user, curlsocktype, curl_sockaddr* to) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (!transfer.request.allow_private) {
    sockaddr_storage name{};
    std::memcpy(&name, &to->addr, std::min<std::size_t>(to->addrlen, sizeof(name)));
    const bool ip = to->family == AF_INET || to->family == AF_INET6;
    if (!ip || is_private_address(from_sockaddr(name))) {
      transfer.refused_private = true;
      return CURL_SOCKET_BAD;
    }
  }
  return ::socket(to->family, to->socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, to->protocol);
}

void configure(Transfer& transfer) {
  CURL* easy = transfer.easy.get();
  const HttpClientRequest& request = transfer.request;
  const auto set = [easy](CURLoption option, auto value) {
    CONCLAVE_CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK);
  };
  set(CURLOPT_PRIVATE, &transfer);
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");  // the environment decides nothing here
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_NOSIGNAL, 1L);
  // Without it curl waits for its resolver thread when a request is given up, and so would the loop.
  set(CURLOPT_QUICK_EXIT, 1L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(CURLOPT_USERAGENT, kUserAgent);
  set(CURLOPT_ERRORBUFFER, transfer.error);
  set(CURLOPT_WRITEFUNCTION, take_body);
  set(CURLOPT_WRITEDATA, &transfer);
  set(CURLOPT_HEADERFUNCTION, take_head_line);
  set(CURLOPT_HEADERDATA, &transfer);
  set(CURLOPT_OPENSOCKETFUNCTION, open_socket);
  set(CURLOPT_OPENSOCKETDATA, &transfer);
  if (!request.ca_file.empty()) {
    set(CURLOPT_CAINFO, request.ca_file.c_str());
    set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));  // else the system's directory stays trusted beside it
    set(CURLOPT_CA_CACHE_TIMEOUT, 0L);                       // a replaced file is seen at once
  }
  if (!request.allow_private) {
    // A connection that another request opened was not checked for this one.
    set(CURLOPT_FRESH_CONNECT, 1L);
    set(CURLOPT_FORBID_REUSE, 1L);
  }
  if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
  } else if (request.method == "GET" && request.body.empty()) {
    set(CURLOPT_HTTPGET, 1L);
  } else {
    if (request.method == "POST" || !request.body.empty()) {
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.data());
    }
    set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  curl_slist* list = nullptr;
  const auto add = [&list](const std::string& line) {
    list = curl_slist_append(list, line.c_str());
    CONCLAVE_CHECK(list != nullptr);
  };
  add("Expect:");  // no waiting for 100 Continue
  bool typed = false;
  for (const auto& [name, value] : request.headers) {
    typed = typed || same_without_case(name, "Content-Type");
    add(value.empty() ? name + ";" : name + ": " + value);  // curl's way to send an empty one
  }
  if (!typed) add("Content-Type:");  // curl would claim a form
  transfer.headers.reset(list);
  set(CURLOPT_HTTPHEADER, list);
}

HttpClientError error_of(const Transfer& transfer, CURLcode code) {
  if (transfer.too_large) {
    return {Kind::TooLarge,
            transfer.origin + " answered more than " + std::to_string(transfer.request.max_bytes) + " bytes"};
  }
  if (transfer.refused_private) {
    return {Kind::Connect, transfer.origin + " leads to a private address, which is not allowed here"};
  }
  const Kind kind = kind_of(code);
  // curl's own words can hold parts of the URL or of the response; of connecting and TLS they do not, and are needed.
  const bool detailed = (kind == Kind::Connect || kind == Kind::Tls) && transfer.error[0] != '\0';
  const std::string_view what = kind == Kind::Connect ? "cannot connect to "
                                : kind == Kind::Tls   ? "no trusted TLS with "
                                                      : "no answer from ";
  return {kind, std::string(what) + transfer.origin + ": " + (detailed ? transfer.error : curl_easy_strerror(code))};
}

}  // namespace

// Shared with the callbacks of libuv's handles, which end a turn later than the client.
class HttpClient::Core : public std::enable_shared_from_this<Core> {
 public:
  Core(UvLoop& loop, HttpClientOptions options) : loop_(loop), options_(options) {
    CONCLAVE_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
    multi_.reset(curl_multi_init());
    CONCLAVE_CHECK(multi_ != nullptr);
    const auto set = [this](CURLMoption option, auto value) {
      CONCLAVE_CHECK(curl_multi_setopt(multi_.get(), option, value) == CURLM_OK);
    };
    set(CURLMOPT_SOCKETFUNCTION, &Core::on_socket);
    set(CURLMOPT_SOCKETDATA, this);
    set(CURLMOPT_TIMERFUNCTION, &Core::on_timer);
    set(CURLMOPT_TIMERDATA, this);
    set(CURLMOPT_MAXCONNECTS, static_cast<long>(options.max_running));  // of idle ones kept for the next request
  }

  ~Core() {
    closing_ = true;
    while (!running_.empty()) stop(running_.begin());
    multi_.reset();
    while (!polls_.empty()) forget(polls_.begin()->first);
  }

  void send(HttpClientRequest request, Reply reply) {
    auto transfer = std::make_unique<Transfer>();
    const auto url = parse_http_url(request.url);
    if (url) transfer->origin = url->origin();
    transfer->request = std::move(request);
    transfer->reply = std::move(reply);
    if (!url) {
      return finish(std::move(transfer), HttpClientError{Kind::BadUrl, "not an absolute http or https URL"});
    }
    if (!is_sendable(transfer->request)) {
      std::string problem = "a method or header field that HTTP does not allow, for " + transfer->origin;
      return finish(std::move(transfer), HttpClientError{Kind::Other, std::move(problem)});
    }
    if (running_.size() >= options_.max_running && waiting_.size() >= options_.max_queued) {
      std::string problem = "too many requests are waiting; " + transfer->origin + " was not asked";
      return finish(std::move(transfer), HttpClientError{Kind::Busy, std::move(problem)});
    }
    transfer->deadline = loop_.after(transfer->request.timeout, [this, late = transfer.get()] { give_up(*late); });
    waiting_.push_back(std::move(transfer));
    start_waiting();
  }

  std::size_t running() const { return running_.size(); }
  std::size_t queued() const { return waiting_.size(); }

 private:
  struct Poll {
    uv_poll_t handle{};
    Core* owner = nullptr;  // null once closing
    curl_socket_t socket = CURL_SOCKET_BAD;
  };
  using Running = std::map<CURL*, std::unique_ptr<Transfer>>;

  static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void*) {
    static_cast<Core*>(user)->watch(socket, what);
    return 0;
  }
  static int on_timer(CURLM*, long milliseconds, void* user) {
    auto& self = *static_cast<Core*>(user);
    self.timer_.cancel();
    // curl forbids to call it from here, so even 0 waits for the loop.
    if (milliseconds >= 0 && !self.closing_) {
      self.timer_ =
          self.loop_.after(std::chrono::milliseconds(milliseconds), [&self] { self.act(CURL_SOCKET_TIMEOUT, 0); });
    }
    return 0;
  }

  void watch(curl_socket_t socket, int what) {
    if (what == CURL_POLL_REMOVE || closing_) return forget(socket);
    auto& poll = polls_[socket];
    if (poll == nullptr) {
      poll = new Poll{};
      poll->owner = this;
      poll->socket = socket;
      poll->handle.data = poll;
      CONCLAVE_CHECK(uv_poll_init(loop_.raw(), &poll->handle, socket) == 0);
    }
    const int events = ((what & CURL_POLL_IN) != 0 ? UV_READABLE : 0) | ((what & CURL_POLL_OUT) != 0 ? UV_WRITABLE : 0);
    uv_poll_start(&poll->handle, events, [](uv_poll_t* handle, int status, int ready) {
      const auto* ready_poll = static_cast<Poll*>(handle->data);
      if (ready_poll->owner == nullptr) return;
      const int flags = ((ready & UV_READABLE) != 0 ? CURL_CSELECT_IN : 0) |
                        ((ready & UV_WRITABLE) != 0 ? CURL_CSELECT_OUT : 0) | (status < 0 ? CURL_CSELECT_ERR : 0);
      ready_poll->owner->act(ready_poll->socket, flags);
    });
  }

  void forget(curl_socket_t socket) {
    const auto at = polls_.find(socket);
    if (at == polls_.end()) return;
    Poll* poll = at->second;
    polls_.erase(at);
    poll->owner = nullptr;
    uv_poll_stop(&poll->handle);
    uv_close(reinterpret_cast<uv_handle_t*>(&poll->handle),
             [](uv_handle_t* handle) { delete static_cast<Poll*>(handle->data); });
  }

  void act(curl_socket_t socket, int flags) {
    int still_running = 0;
    (void)curl_multi_socket_action(multi_.get(), socket, flags, &still_running);
    collect();
    start_waiting();
  }

  void collect() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;  // gone with the handle
      auto transfer = stop(running_.find(message->easy_handle));
      if (code != CURLE_OK) {
        HttpClientError error = error_of(*transfer, code);
        finish(std::move(transfer), std::move(error));
      } else {
        HttpClientResponse response = std::move(transfer->response);
        finish(std::move(transfer), std::move(response));
      }
    }
  }

  void start_waiting() {
    while (running_.size() < options_.max_running && !waiting_.empty()) {
      auto transfer = std::move(waiting_.front());
      waiting_.pop_front();
      transfer->easy.reset(curl_easy_init());
      CONCLAVE_CHECK(transfer->easy != nullptr);
      configure(*transfer);
      CURL* easy = transfer->easy.get();
      running_.emplace(easy, std::move(transfer));
      CONCLAVE_CHECK(curl_multi_add_handle(multi_.get(), easy) == CURLM_OK);
    }
  }

  // Takes a transfer out of curl, whatever it was doing.
  std::unique_ptr<Transfer> stop(Running::iterator at) {
    CONCLAVE_CHECK(at != running_.end());
    auto transfer = std::move(at->second);
    running_.erase(at);
    long status = 0;
    (void)curl_easy_getinfo(transfer->easy.get(), CURLINFO_RESPONSE_CODE, &status);
    transfer->response.status = static_cast<int>(status);
    (void)curl_multi_remove_handle(multi_.get(), transfer->easy.get());
    transfer->easy.reset();
    return transfer;
  }

  void give_up(Transfer& late) {
    std::unique_ptr<Transfer> transfer;
    if (const auto at = running_.find(late.easy.get()); late.easy != nullptr && at != running_.end()) {
      transfer = stop(at);
    } else {
      const auto waiting =
          std::find_if(waiting_.begin(), waiting_.end(), [&](const auto& one) { return one.get() == &late; });
      if (waiting == waiting_.end()) return;
      transfer = std::move(*waiting);
      waiting_.erase(waiting);
    }
    HttpClientError error{Kind::Timeout, transfer->origin + " did not answer in time"};
    finish(std::move(transfer), std::move(error));
    start_waiting();
  }

  // The reply may destroy the client, so it comes when nothing of it is on the stack.
  void finish(std::unique_ptr<Transfer> transfer, Result<HttpClientResponse, HttpClientError> result) {
    transfer->deadline.cancel();
    loop_.post([alive = weak_from_this(), reply = std::move(transfer->reply), result = std::move(result)]() mutable {
      if (!alive.expired()) reply(std::move(result));
    });
  }
  void finish(std::unique_ptr<Transfer> transfer, HttpClientError error) {
    finish(std::move(transfer), Result<HttpClientResponse, HttpClientError>(failure(std::move(error))));
  }

  UvLoop& loop_;
  HttpClientOptions options_;
  Multi multi_;
  Timer timer_;
  Running running_;
  std::deque<std::unique_ptr<Transfer>> waiting_;
  std::map<curl_socket_t, Poll*> polls_;  // freed by libuv's close callback
  bool closing_ = false;
};

HttpClient::HttpClient(UvLoop& loop, HttpClientOptions options)
    : Pinned(loop), core_(std::make_shared<Core>(loop, options)) {}
HttpClient::~HttpClient() = default;

void HttpClient::send(HttpClientRequest request, Reply reply) {
  assert_here();
  core_->send(std::move(request), std::move(reply));
}
std::size_t HttpClient::running() const {
  return core_->running();
}
std::size_t HttpClient::queued() const {
  return core_->queued();
}

}  // namespace conclave
