#pragma once
// One question to the booking server, with its retries. Lives on the loop of its HttpFetcher.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "base/unique_function.h"
#include "booking/booking_answer.h"
#include "loop/pinned.h"
#include "net/http_fetcher.h"

namespace conclave::booking {

struct BookingOptions {
  static constexpr unsigned kTries = 3;

  std::string base_url{};  // without a slash at the end: <base>/conference
  std::string ca_file{};   // trusted instead of the system's roots; empty: the system's
  Duration timeout = 20s;  // of one try
  unsigned tries = kTries;
  Duration retry_delay = 3s;
};

struct BookingFailure {
  enum class Kind {
    Denied,       // the booking server said no: a 4xx
    Unreachable,  // no answer, none that can be understood, a 5xx, a redirect; all tries are used up
  };
  Kind kind = Kind::Unreachable;
  int code = 500;      // for <reservation-error error-code=…/>: the HTTP status, else 500
  std::string text{};  // for the person: the server's own message, or a sentence of ours
};

class BookingClient : public Pinned {
 public:
  static constexpr std::size_t kMaxAnswerBytes = 64 * 1024;

  using Reply = UniqueFunction<void(Result<Booking, BookingFailure>)>;

  // `fetcher` outlives the client.
  BookingClient(Loop& loop, HttpFetcher& fetcher, BookingOptions options);
  ~BookingClient();  // drops what is under way; its replies are not called

  // POST; after a 409 GET of the booking in the way. The reply comes in a later turn.
  void book(std::string_view name, std::string_view mail_owner, Reply reply);
  // DELETE. Failures are logged, nobody waits for it.
  void release(std::string_view id);

 private:
  using Answer = Result<HttpClientResponse, HttpClientError>;
  using Done = UniqueFunction<void(Answer)>;
  struct Question {
    HttpClientRequest request;
    Done done;
    unsigned tried = 0;
    Timer retry{};
  };

  HttpClientRequest request_to(std::string method, std::string_view path) const;
  void ask(HttpClientRequest request, Done done);
  void try_once(std::uint64_t id);
  void answered(std::uint64_t id, Answer answer);

  HttpFetcher& fetcher_;
  BookingOptions options_;
  std::unordered_map<std::uint64_t, Question> questions_;
  std::uint64_t next_ = 0;
  std::shared_ptr<BookingClient*> self_;  // an answer that comes later than our end finds it gone
};

}  // namespace conclave::booking
