#pragma once
// Everything that asks the provider: its metadata, its keys, and the exchange of a code for a person. Lives on the loop
// of its HttpFetcher.
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "access/signature.h"
#include "net/http_fetcher.h"
#include "oidc/cached.h"
#include "oidc/id_token.h"
#include "oidc/metadata.h"
#include "oidc/options.h"
#include "oidc/person.h"

namespace conclave::oidc {

using Keys = std::vector<access::VerificationKey>;

// What the way back brought, with what was kept for it.
struct CodeGrant {
  std::string code{};
  std::string verifier{};  // RFC 7636 §4.1
  std::string nonce{};
  std::string redirect_uri{};  // the same as in the request
};

class Provider : public Pinned {
 public:
  static constexpr std::size_t kMaxAnswerBytes = 256 * 1024;
  static constexpr std::size_t kMaxUserinfoMembers = 4096;  // JSON values
  static constexpr Duration kDocumentLife = 1h;
  static constexpr Duration kYoungKeys = 60s;  // keys are not fetched again for an unknown one before
  static constexpr Duration kTimeout = 7s;  // of one request; four in a row still fit into the time that the browser is
                                            // given (HttpServerOptions::kIdleTimeout)

  // Both outlive the provider; the fetcher hands back nothing after its end.
  Provider(Loop& loop, HttpFetcher& fetcher, const Options& options);

  void metadata(Cached<Metadata>::Reply reply) { metadata_.get(std::move(reply)); }
  // The whole exchange; a code that was redeemed before is Refused by the provider.
  void redeem(CodeGrant grant, UniqueFunction<void(Result<Person, Problem>)> reply);

 private:
  struct Exchange;

  HttpClientRequest request(std::string method, std::string url) const;
  void ask_for_tokens(std::shared_ptr<Exchange> exchange);
  void verify(std::shared_ptr<Exchange> exchange, Duration key_age);
  void ask_for_userinfo(std::shared_ptr<Exchange> exchange);

  HttpFetcher& fetcher_;
  const Options& options_;
  Cached<Metadata> metadata_;
  Cached<Keys> keys_;
};

}  // namespace conclave::oidc
