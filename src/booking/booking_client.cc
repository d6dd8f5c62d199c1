#include "booking/booking_client.h"

#include <utility>

#include "base/log.h"
#include "net/http_url.h"

namespace conclave::booking {
namespace {

BookingFailure unreachable(std::string_view why) {
  log::warning("the booking server gave no usable answer", {{"why", why}});
  return {BookingFailure::Kind::Unreachable, 500,
          "The booking server cannot be asked at the moment, so the room cannot be started. Try again later."};
}

BookingFailure denied(int status, std::string_view body) {
  std::string message = read_message(body);
  if (message.empty()) message = "The booking server does not allow this room to be started now.";
  return {BookingFailure::Kind::Denied, status, std::move(message)};
}

// A server that was down may be up again; one that answered with nonsense will do so again.
bool is_worth_a_retry(const Result<HttpClientResponse, HttpClientError>& result) {
  using Kind = HttpClientError::Kind;
  if (result) return result->status >= 500;
  return result.error().kind != Kind::BadUrl && result.error().kind != Kind::TooLarge &&
         result.error().kind != Kind::Tls;
}

Result<Booking, BookingFailure> outcome(const Result<HttpClientResponse, HttpClientError>& answer) {
  if (!answer) return failure(unreachable(answer.error().problem));
  if (answer->status == 200 || answer->status == 201) {
    if (auto booking = read_booking(answer->body)) return std::move(*booking);
    return failure(unreachable("what it sent is no booking"));
  }
  if (answer->status >= 400 && answer->status < 500) return failure(denied(answer->status, answer->body));
  return failure(unreachable("status " + std::to_string(answer->status)));
}

}  // namespace

BookingClient::BookingClient(Loop& loop, HttpFetcher& fetcher, BookingOptions options)
    : Pinned(loop), fetcher_(fetcher), options_(std::move(options)), self_(std::make_shared<BookingClient*>(this)) {}

BookingClient::~BookingClient() = default;

HttpClientRequest BookingClient::request_to(std::string method, std::string_view path) const {
  HttpClientRequest request{.method = std::move(method), .url = options_.base_url + "/conference" + std::string(path)};
  request.headers = {{"Accept", "application/json"}};
  request.timeout = options_.timeout;
  request.max_bytes = kMaxAnswerBytes;
  request.ca_file = options_.ca_file;
  return request;
}

void BookingClient::book(std::string_view name, std::string_view mail_owner, Reply reply) {
  assert_here();
  HttpClientRequest create = request_to("POST", "");
  create.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  create.body = "name=" + percent_encode(name) + "&start_time=" + percent_encode(write_time(loop().wall_now())) +
                "&mail_owner=" + percent_encode(mail_owner);
  ask(std::move(create), [this, reply = std::move(reply)](Answer answer) mutable {
    const auto conflict = answer && answer->status == 409 ? read_conflict(answer->body) : std::nullopt;
    if (!conflict) return reply(outcome(answer));
    ask(request_to("GET", "/" + percent_encode(*conflict)),
        [reply = std::move(reply)](Answer found) mutable { reply(outcome(found)); });
  });
}

void BookingClient::release(std::string_view id) {
  assert_here();
  ask(request_to("DELETE", "/" + percent_encode(id)), [](Answer answer) {
    if (answer && answer->status < 400) return;
    log::warning("the end of a booking could not be told",
                 {{"why", answer ? "status " + std::to_string(answer->status) : answer.error().problem}});
  });
}

void BookingClient::ask(HttpClientRequest request, Done done) {
  const std::uint64_t id = next_++;
  questions_.emplace(id, Question{.request = std::move(request), .done = std::move(done)});
  try_once(id);
}

void BookingClient::try_once(std::uint64_t id) {
  Question& question = questions_.at(id);
  ++question.tried;
  fetcher_.send(question.request, [self = std::weak_ptr(self_), id](Answer answer) {
    if (const auto alive = self.lock()) (*alive)->answered(id, std::move(answer));
  });
}

void BookingClient::answered(std::uint64_t id, Answer answer) {
  Question& question = questions_.at(id);
  if (is_worth_a_retry(answer) && question.tried < options_.tries) {
    question.retry = loop().after(options_.retry_delay, [this, id] { try_once(id); });
    return;
  }
  Done done = std::move(question.done);
  questions_.erase(id);
  done(std::move(answer));
}

}  // namespace conclave::booking
