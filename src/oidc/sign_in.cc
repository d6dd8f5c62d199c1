#include "oidc/sign_in.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "access/mint.h"
#include "access/signature.h"
#include "base/base64.h"
#include "base/log.h"
#include "net/http_url.h"
#include "oidc/pages.h"

namespace conclave::oidc {
namespace {

static_assert(kNoTenant.size() > access::kMaxTenantBytes);

constexpr std::string_view kCookie = "conclave_login_";
constexpr std::size_t kCookieSuffix = 8;  // of the state: two tabs are two logins

// "room" or "tenant/room" as in a link, or the two apart; stock clients say the tenant in the JSON of `state`.
Result<access::RoomName, access::NameError> room_of(const HttpRequest& request) {
  const std::string_view room = request.query_value("room").value_or("");
  std::string tenant(request.query_value("tenant").value_or(""));
  if (const auto state = request.query_value("state"); state && tenant.empty()) {
    const auto json = nlohmann::json::parse(*state, nullptr, false);
    if (json.is_object() && json.contains("tenant") && json["tenant"].is_string())
      tenant = json["tenant"].get<std::string>();
  }
  return access::room_in_link(room, tenant);
}

// RFC 6265 §5.4; the first of that name.
std::string_view cookie_value(const HttpRequest& request, std::string_view name) {
  std::string_view rest = request.headers.find("Cookie").value_or("");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=')
      return pair.substr(name.size() + 1);
  }
  return {};
}

HttpResponse redirect(const std::string& location) {
  HttpResponse response = HttpResponse::redirect(302, location);
  response.headers.set("Cache-Control", "no-store");  // the address holds secrets of one person
  return response;
}

std::string with_query(const std::string& endpoint,
                       std::initializer_list<std::pair<std::string_view, std::string_view>> fields) {
  std::string url = endpoint;
  char separator = endpoint.find('?') == std::string::npos ? '?' : '&';
  for (const auto& [name, value] : fields) {
    url += separator + std::string(name) + "=" + percent_encode(value);
    separator = '&';
  }
  return url;
}

std::vector<PageLink> ways_on(const access::RoomName& room) {
  return {{"Try again", "/auth/login?room=" + percent_encode(room.path())}, {"Back to the room", "/" + room.path()}};
}

}  // namespace

SignIn::SignIn(Loop& loop, HttpFetcher& fetcher, Random& random, const Options& options, std::string public_url)
    : Pinned(loop),
      random_(random),
      options_(options),
      public_url_(std::move(public_url)),
      provider_(loop, fetcher, options),
      seal_(random) {}

void SignIn::request(const HttpRequest& request, Reply reply) {
  assert_here();
  const std::string_view what = std::string_view(request.path).substr(kPathPrefix.size());
  if (what != "login" && what != "callback" && what != "logout") return reply(HttpResponse::not_found());
  if (request.method != "GET") return reply(HttpResponse::method_not_allowed("GET"));
  if (!limit_.allows(request.peer, loop().now())) {
    counters_.limited.add();
    return reply(error_page(
        {.status = 429,
         .title = "Too many log-ins",
         .sentence = "From your network too many people log in at this moment. Wait a minute, then try again."}));
  }
  if (what == "login") return begin(request, std::move(reply));
  if (what == "callback") return come_back(request, std::move(reply));
  log_out(std::move(reply));
}

void SignIn::begin(const HttpRequest& request, Reply reply) {
  auto room = room_of(request);
  if (!room) {
    return reply(error_page(
        {.status = 400,
         .title = "There is no such room",
         .sentence = std::string(access::name_error_sentence(room.error())) + " Open the link of your meeting again.",
         .links = {{"Home", "/"}}}));
  }
  provider_.metadata(
      [this, room = *room, reply = std::move(reply)](Result<Cached<Metadata>::Value, Problem> metadata) mutable {
        reply(metadata ? to_provider(**metadata, room) : failed(metadata.error(), room));
      });
}

// OpenID Connect Core 1.0 §3.1.2.1, RFC 7636 §4.3
HttpResponse SignIn::to_provider(const Metadata& metadata, const access::RoomName& room) {
  const SealedLogin login = seal_.begin(random_, room, loop().now());
  counters_.begun.add();
  const std::string challenge = base64url_encode(as_bytes(access::sha256(login.secrets.verifier)));
  HttpResponse response =
      redirect(with_query(metadata.authorization_endpoint, {{"response_type", "code"},
                                                            {"client_id", options_.client_id},
                                                            {"redirect_uri", public_url_ + "/auth/callback"},
                                                            {"scope", options_.scopes},
                                                            {"state", login.secrets.state},
                                                            {"nonce", login.secrets.nonce},
                                                            {"code_challenge", challenge},
                                                            {"code_challenge_method", "S256"}}));
  response.headers.set("Set-Cookie", cookie(login.secrets.state, login.cookie, LoginSeal::kLifetime));
  return response;
}

std::string SignIn::cookie(std::string_view state, std::string_view value, Duration life) const {
  return std::string(kCookie) + std::string(state.substr(0, kCookieSuffix)) + "=" + std::string(value) +
         "; Path=/auth/; Max-Age=" + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(life).count()) +
         "; HttpOnly; SameSite=Lax" + (public_url_.starts_with("https://") ? "; Secure" : "");
}

void SignIn::come_back(const HttpRequest& request, Reply next) {
  const std::string_view state = request.query_value("state").value_or("").substr(0, LoginSeal::kStateLength + 1);
  const std::string name = std::string(kCookie) + std::string(state.substr(0, kCookieSuffix));
  auto login = seal_.open(state, cookie_value(request, name), loop().now());
  if (!login) {
    counters_.mismatched.add();
    const bool late = login.error() == LoginSeal::Mismatch::TooLate;
    log::info("login refused", {{"why", late ? "too late" : "state of another browser"}, {"peer", request.peer.str()}});
    return next(error_page(
        {.status = 400,
         .title = "This log-in is over",
         .sentence = late
                         ? "It took longer than ten minutes. Open the link of your meeting again and log in from there."
                         : "It was finished before, begun in another browser, or cookies are switched off. Open the "
                           "link of your meeting in this browser and log in from there.",
         .links = {{"Home", "/"}}}));
  }
  Reply reply = [clear = cookie(state, "", Duration(0)), next = std::move(next)](HttpResponse response) mutable {
    response.headers.set("Set-Cookie", clear);
    next(std::move(response));
  };
  const access::RoomName room = login->room;
  provider_.metadata([this, room, login = std::move(*login), error = request.query_value("error").has_value(),
                      issuer = std::string(request.query_value("iss").value_or("")),
                      has_issuer = request.query_value("iss").has_value(),
                      code = std::string(request.query_value("code").value_or("")),
                      reply = std::move(reply)](Result<Cached<Metadata>::Value, Problem> metadata) mutable {
    if (!metadata) return reply(failed(metadata.error(), room));
    // RFC 9207 §2.4: an answer of another provider is nobody's answer.
    if (has_issuer ? issuer != options_.issuer : (*metadata)->names_itself)
      return reply(failed({Problem::Kind::Unusable, "the way back names another issuer"}, room));
    if (error || code.empty()) return reply(failed({Problem::Kind::Refused, "the provider sent an error back"}, room));
    provider_.redeem({.code = std::move(code),
                      .verifier = std::move(login.verifier),
                      .nonce = std::move(login.nonce),
                      .redirect_uri = public_url_ + "/auth/callback"},
                     [this, room, reply = std::move(reply)](Result<Person, Problem> person) mutable {
                       reply(person ? into_room(*person, room) : failed(person.error(), room));
                     });
  });
}

HttpResponse SignIn::into_room(const Person& person, const access::RoomName& room) {
  counters_.done.add();
  const WallTime now = loop().wall_now();
  access::TokenWish wish{.issuer = std::string(kTokenIssuer),
                         .audience = std::string(kTokenIssuer),
                         .subject = room.tenant().empty() ? std::string(kNoTenant) : room.tenant(),
                         .room = room.name(),
                         .user_name = person.name,
                         // Stable for the person, and nothing that the provider's own name of him could be read from.
                         .user_id = access::sha256_hex(options_.issuer + "\n" + person.subject),
                         .email = person.email,
                         .avatar = person.picture,
                         .tenant = room.tenant(),
                         .token_id = random_.token(24),
                         .issued_at = now,
                         .expires = now + options_.token_life};
  if (!options_.host_claim.empty())
    wish.role =
        is_host(person, options_.host_values) ? access::ClaimedRole::Moderator : access::ClaimedRole::Participant;
  log::info("logged in", {{"room", room.key()}, {"role", access::claimed_role_text(wish.role)}});
  return redirect(public_url_ + "/" + room.path() + "#jwt=" + access::mint_token(wish, options_.token_secret));
}

HttpResponse SignIn::failed(const Problem& problem, const access::RoomName& room) {
  log::warning("login failed", {{"why", problem.why}, {"room", room.key()}});
  Page page{.links = ways_on(room)};
  switch (problem.kind) {
    case Problem::Kind::Unreachable:
      counters_.failed.add();
      page.status = 502;
      page.title = "The log-in server does not answer";
      page.sentence =
          "The log-in of " + options_.name + " cannot be reached at the moment. Try again in a few minutes.";
      break;
    case Problem::Kind::Unusable:
      counters_.failed.add();
      page.status = 502;
      page.title = "The log-in did not work";
      page.sentence =
          "The log-in of " + options_.name +
          " answered with something that this server cannot accept. Tell whoever runs this server; the log says more.";
      break;
    case Problem::Kind::Refused:
      counters_.refused.add();
      page.status = 403;
      page.title = "You were not logged in";
      page.sentence = "The log-in of " + options_.name + " was cancelled, or it did not accept you. You can try again.";
      break;
  }
  return error_page(page);
}

// OpenID Connect RP-Initiated Logout 1.0 §2. Without id_token_hint, which nobody keeps here: the provider asks the
// person.
void SignIn::log_out(Reply reply) {
  provider_.metadata([this, reply = std::move(reply)](Result<Cached<Metadata>::Value, Problem> metadata) mutable {
    const std::string home = public_url_ + "/";
    if (!metadata || (*metadata)->end_session_endpoint.empty()) return reply(redirect(home));
    reply(redirect(with_query((*metadata)->end_session_endpoint,
                              {{"client_id", options_.client_id}, {"post_logout_redirect_uri", home}})));
  });
}

}  // namespace conclave::oidc
