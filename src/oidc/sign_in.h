#pragma once
// The journey of a login: to the provider, back with a code, and into the room with a token of ours.
#include <string>
#include <string_view>

#include "base/counter.h"
#include "base/random.h"
#include "loop/pinned.h"
#include "net/http_fetcher.h"
#include "oidc/login_seal.h"
#include "oidc/options.h"
#include "oidc/provider.h"
#include "oidc/source_limit.h"

namespace conclave::oidc {

inline constexpr std::string_view kPathPrefix = "/auth/";

struct SignInCounters {
  Counter begun;
  Counter done;
  Counter refused;     // by the provider or by the person there
  Counter mismatched;  // state or cookie
  Counter failed;      // the provider did not answer, or not usably
  Counter limited;     // SourceLimit
};

// Lives on the loop of the HTTP servers.
class SignIn : public Pinned {
 public:
  using Reply = UniqueFunction<void(HttpResponse)>;

  // `public_url` has no slash at the end; options, fetcher and random outlive this.
  SignIn(Loop& loop, HttpFetcher& fetcher, Random& random, const Options& options, std::string public_url);

  // Of every path that begins with kPathPrefix. Replies in this turn or a later one.
  void request(const HttpRequest& request, Reply reply);

  const SignInCounters& counters() const { return counters_; }

 private:
  void begin(const HttpRequest& request, Reply reply);
  void come_back(const HttpRequest& request, Reply reply);
  void log_out(Reply reply);
  HttpResponse to_provider(const Metadata& metadata, const access::RoomName& room);
  HttpResponse into_room(const Person& person, const access::RoomName& room);
  HttpResponse failed(const Problem& problem, const access::RoomName& room);
  std::string cookie(std::string_view state, std::string_view value, Duration life) const;

  Random& random_;
  const Options& options_;
  std::string public_url_;
  Provider provider_;
  LoginSeal seal_;
  SourceLimit limit_;
  SignInCounters counters_;
};

}  // namespace conclave::oidc
