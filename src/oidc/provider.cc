#include "oidc/provider.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "access/json_check.h"
#include "access/jwk.h"
#include "access/token.h"
#include "base/base64.h"
#include "net/http_url.h"

namespace conclave::oidc {
namespace {

using Json = nlohmann::json;
using Answer = Result<HttpClientResponse, HttpClientError>;
using Kind = Problem::Kind;

Problem unusable(std::string why) {
  return {Kind::Unusable, std::move(why)};
}

// The body of a 200.
Result<std::string, Problem> body_of(Answer answer, const std::string& what) {
  if (!answer) {
    const bool answered = answer.error().kind == HttpClientError::Kind::TooLarge;
    return failure(Problem{answered ? Kind::Unusable : Kind::Unreachable, what + ": " + answer.error().problem});
  }
  if (answer->status >= 500)
    return failure(Problem{Kind::Unreachable, what + ": status " + std::to_string(answer->status)});
  if (answer->status != 200) return failure(unusable(what + ": status " + std::to_string(answer->status)));
  return std::move(answer->body);
}

std::string text_of(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool is_error_code(const std::string& text) {
  return !text.empty() && text.size() <= 64 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
}

// RFC 6749 §5.2
Problem refusal(const std::string& body) {
  const Json json = Json::parse(body, nullptr, false);
  std::string code = json.is_object() ? text_of(json, "error") : std::string();
  if (!is_error_code(code)) code = "no reason that can be read";
  const bool ours = code == "invalid_client" || code == "unauthorized_client" || code == "unsupported_grant_type";
  return {ours ? Kind::Unusable : Kind::Refused, "the token endpoint refused: " + code};
}

}  // namespace

struct Provider::Exchange {
  CodeGrant grant;
  UniqueFunction<void(Result<Person, Problem>)> reply;
  Cached<Metadata>::Value metadata{};
  std::string id_token{};
  std::string access_token{};
  Person person{};

  void fail(Problem problem) { reply(failure(std::move(problem))); }
};

Provider::Provider(Loop& loop, HttpFetcher& fetcher, const Options& options)
    : Pinned(loop),
      fetcher_(fetcher),
      options_(options),
      metadata_(loop, kDocumentLife,
                [this](Cached<Metadata>::Fetched done) {
                  fetcher_.send(request("GET", metadata_url(options_.issuer)),
                                [this, done = std::move(done)](Answer answer) mutable {
                                  auto body = body_of(std::move(answer), "metadata");
                                  if (!body) return done(failure(std::move(body.error())));
                                  auto read = read_metadata(*body, options_.issuer);
                                  if (!read) return done(failure(unusable(std::move(read.error()))));
                                  done(std::move(*read));
                                });
                }),
      keys_(loop, kDocumentLife, [this](Cached<Keys>::Fetched done) {
        metadata_.get([this, done = std::move(done)](Result<Cached<Metadata>::Value, Problem> metadata) mutable {
          if (!metadata) return done(failure(metadata.error()));
          fetcher_.send(request("GET", (*metadata)->jwks_uri), [done = std::move(done)](Answer answer) mutable {
            auto body = body_of(std::move(answer), "keys");
            if (!body) return done(failure(std::move(body.error())));
            auto set = access::read_key_set(*body, {});
            if (!set) return done(failure(unusable("keys: " + std::string(access::key_set_error_text(set.error())))));
            done(std::move(set->keys));
          });
        });
      }) {}

HttpClientRequest Provider::request(std::string method, std::string url) const {
  HttpClientRequest request{.method = std::move(method), .url = std::move(url)};
  request.headers = {{"Accept", "application/json"}};
  request.timeout = kTimeout;
  request.max_bytes = kMaxAnswerBytes;
  request.ca_file = options_.ca_file;
  return request;
}

void Provider::redeem(CodeGrant grant, UniqueFunction<void(Result<Person, Problem>)> reply) {
  assert_here();
  auto exchange = std::make_shared<Exchange>();
  exchange->grant = std::move(grant);
  exchange->reply = std::move(reply);
  metadata_.get([this, exchange](Result<Cached<Metadata>::Value, Problem> metadata) {
    if (!metadata) return exchange->fail(metadata.error());
    exchange->metadata = *metadata;
    ask_for_tokens(exchange);
  });
}

// RFC 6749 §4.1.3, §2.3.1; RFC 7636 §4.5
void Provider::ask_for_tokens(std::shared_ptr<Exchange> exchange) {
  HttpClientRequest ask = request("POST", exchange->metadata->token_endpoint);
  ask.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
  const auto add = [&ask](std::string_view name, std::string_view value) {
    if (!ask.body.empty()) ask.body += '&';
    ask.body += std::string(name) + "=" + percent_encode(value);
  };
  add("grant_type", "authorization_code");
  add("code", exchange->grant.code);
  add("redirect_uri", exchange->grant.redirect_uri);
  add("code_verifier", exchange->grant.verifier);
  if (options_.client_secret.empty() || exchange->metadata->secret_in_body) {
    add("client_id", options_.client_id);
    if (!options_.client_secret.empty()) add("client_secret", options_.client_secret);
  } else {
    const std::string both = percent_encode(options_.client_id) + ":" + percent_encode(options_.client_secret);
    ask.headers.emplace_back("Authorization", "Basic " + base64_encode(as_bytes(both)));
  }
  fetcher_.send(std::move(ask), [this, exchange](Answer answer) {
    if (answer && (answer->status == 400 || answer->status == 401)) return exchange->fail(refusal(answer->body));
    auto body = body_of(std::move(answer), "token endpoint");
    if (!body) return exchange->fail(std::move(body.error()));
    const Json json = Json::parse(*body, nullptr, false);
    if (json.is_object()) {
      exchange->id_token = text_of(json, "id_token");
      exchange->access_token = text_of(json, "access_token");
    }
    if (exchange->id_token.empty())
      return exchange->fail(unusable("the token endpoint gave no ID token; is openid among the scopes?"));
    verify(exchange, kDocumentLife);
  });
}

void Provider::verify(std::shared_ptr<Exchange> exchange, Duration key_age) {
  keys_.get_younger_than(key_age, [this, exchange, key_age](Result<Cached<Keys>::Value, Problem> keys) {
    if (!keys) return exchange->fail(keys.error());
    const IdTokenRules rules{
        .issuer = options_.issuer, .client_id = options_.client_id, .nonce = exchange->grant.nonce};
    const auto claims = verify_id_token(exchange->id_token, **keys, rules, loop().wall_now());
    if (!claims) {
      // The provider may have changed its keys since.
      if (claims.error().unknown_key && key_age != kYoungKeys) return verify(exchange, kYoungKeys);
      return exchange->fail(unusable("ID token: " + claims.error().problem));
    }
    auto person = read_person(*claims, options_.host_claim);
    if (!person) return exchange->fail(unusable("ID token: no subject"));
    exchange->person = std::move(*person);
    const bool lacking = exchange->person.name.empty() || (!options_.host_claim.empty() && !exchange->person.values);
    if (lacking && !exchange->access_token.empty() && !exchange->metadata->userinfo_endpoint.empty())
      return ask_for_userinfo(exchange);
    exchange->reply(std::move(exchange->person));
  });
}

// OpenID Connect Core 1.0 §5.3
void Provider::ask_for_userinfo(std::shared_ptr<Exchange> exchange) {
  HttpClientRequest ask = request("GET", exchange->metadata->userinfo_endpoint);
  ask.headers.emplace_back("Authorization", "Bearer " + exchange->access_token);
  fetcher_.send(std::move(ask), [this, exchange](Answer answer) {
    auto body = body_of(std::move(answer), "userinfo");
    if (!body) return exchange->fail(std::move(body.error()));
    const bool strict = access::strict_json(*body, access::kMaxTokenDepth, kMaxUserinfoMembers);
    const auto more = strict ? read_person(*body, options_.host_claim) : std::nullopt;
    if (!more) return exchange->fail(unusable("userinfo: not the JSON that it should be"));
    if (!complete(exchange->person, *more)) return exchange->fail(unusable("userinfo: of another subject"));
    exchange->reply(std::move(exchange->person));
  });
}

}  // namespace conclave::oidc
