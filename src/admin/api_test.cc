#include "admin/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "admin/openapi.h"
#include "admin/route.h"
#include "admin/schema.h"
#include "admin/schemas.h"

namespace conclave::admin {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kToken = "an-admin-token-of-some-length";
constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

// A server with one room, "board", in which "ada" is.
class FakeBackend final : public Backend {
 public:
  WallTime now() const override { return kNow; }
  void rooms(Reply<RoomList> reply) override {
    room::RoomView board;
    board.name = "board";
    board.occupants.emplace_back();
    board.occupants.back().nick = "ada";
    board.occupants.back().display_name = "A\xff";
    reply(RoomList{.rooms = {board}, .waiting = {{.name = "later", .waiting = 2}}});
  }
  void end_room(access::RoomName room, Reply<void> reply) override {
    if (room.key() == "board") return reply({});
    reply(failure(Problem{404, "no", "look"}));
  }
  void remove_occupant(Removal removal, Reply<void> reply) override {
    removed = std::move(removal);
    reply({});
  }
  void media(access::RoomName room, Reply<std::string> reply) override {
    if (room.key() == "board") return reply(R"({"endpoints":[]})");
    reply(failure(Problem{404, "no", "look"}));
  }
  void explain(Question question, Reply<ops::Explanation> reply) override {
    asked = question;
    ops::Explanation explanation;
    explanation.room = question.room.key();
    explanation.identity = "guest";
    reply(std::move(explanation));
  }
  std::vector<access::Revocation> revocations() const override { return revoked; }
  void revoke(RevokeOrder order, Reply<access::Revocation> reply) override {
    ordered = order;
    revoked.push_back(order.revocation);
    reply(order.revocation);
  }
  void take_back(std::string id, Reply<void> reply) override {
    if (!revoked.empty() && revoked.front().id() == id) return reply({});
    reply(failure(Problem{404, "no", "look"}));
  }
  std::vector<DefinedRoom> definitions() const override { return defined; }
  void define(access::RoomDefinition definition, Reply<DefinedRoom> reply) override {
    defined.push_back({std::move(definition), false});
    reply(DefinedRoom(defined.back()));
  }
  void undefine(access::RoomName room, Reply<void> reply) override {
    const auto gone = std::erase_if(defined, [&](const DefinedRoom& one) { return one.definition.name == room; });
    if (gone > 0) return reply({});
    reply(failure(Problem{404, "no", "look"}));
  }
  void reload(std::optional<ops::AtReload> inside, Reply<Reloaded> reply) override {
    reloaded = inside;
    reply(Reloaded{.policy = {"Guests may join."}, .change = {}});
  }
  void status(Reply<Status> reply) override { reply(Status{}); }
  void audit_tail(std::size_t lines, Reply<std::vector<std::string>> reply) override {
    tail = lines;
    reply(std::vector<std::string>{R"({"time":"t","act":"join"})", R"({"time":"t","ac)"});
  }
  void audit(std::string act, std::string outcome, std::string, std::string detail) override {
    audited.push_back(act + " " + outcome + " " + detail);
  }

  std::vector<DefinedRoom> defined;
  std::optional<ops::AtReload> reloaded;
  std::optional<Removal> removed;
  std::optional<Question> asked;
  std::optional<RevokeOrder> ordered;
  std::vector<access::Revocation> revoked;
  std::size_t tail = 0;
  std::vector<std::string> audited;
};

class AdminApi : public ::testing::Test {
 protected:
  static HttpRequest request(std::string method, std::string path, std::string body = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.body = std::move(body);
    request.headers.set("Host", "meet.example");
    request.headers.set("Authorization", std::string("Bearer ") + kToken);
    if (!request.body.empty()) request.headers.set("Content-Type", "application/json");
    return request;
  }
  HttpResponse answer(const HttpRequest& request) {
    std::optional<HttpResponse> answered;
    api.answer(request, [&](HttpResponse response) { answered = std::move(response); });
    EXPECT_TRUE(answered);
    return answered.value_or(HttpResponse{});
  }
  HttpResponse call(std::string method, const std::string& path, std::string body = {}) {
    return answer(request(std::move(method), "/admin/v1" + path, std::move(body)));
  }

  FakeBackend backend;
  Api api{backend, kToken};
};

TEST_F(AdminApi, A51_NothingIsAnsweredWithoutTheWholeToken) {
  for (const std::string given :
       {"", "Bearer", "Bearer ", "Bearer an-admin-token", "Basic an-admin-token-of-some-length",
        "bearer an-admin-token-of-some-length", "Bearer an-admin-token-of-some-length "}) {
    HttpRequest bad = request("GET", "/admin/v1/rooms");
    bad.headers.set("Authorization", given);
    const HttpResponse refused = answer(bad);
    EXPECT_EQ(refused.status, 401) << given;
    EXPECT_THAT(refused.body, Not(HasSubstr("board")));
    EXPECT_THAT(refused.body, HasSubstr("remedy"));
  }
  HttpRequest twice = request("GET", "/admin/v1/rooms");
  twice.headers.add("Authorization", "Bearer other");
  EXPECT_EQ(answer(twice).status, 401);
}

TEST_F(AdminApi, A51_AnEmptyTokenOpensToNobody) {
  Api closed(backend, "");
  HttpRequest empty = request("GET", "/admin/v1/rooms");
  empty.headers.set("Authorization", "Bearer ");
  std::optional<HttpResponse> answered;
  closed.answer(empty, [&](HttpResponse response) { answered = std::move(response); });
  EXPECT_EQ(answered->status, 401);
}

TEST_F(AdminApi, A51_PagesOfOtherSitesAreRefusedEvenWithTheToken) {
  HttpRequest foreign = request("GET", "/admin/v1/rooms");
  foreign.headers.set("Origin", "https://evil.example");
  HttpResponse refused = answer(foreign);
  EXPECT_EQ(refused.status, 403);
  EXPECT_FALSE(refused.headers.find("Access-Control-Allow-Origin"));
  foreign.headers.set("Origin", "null");
  EXPECT_EQ(answer(foreign).status, 403);
  HttpRequest cross = request("GET", "/admin/v1/rooms");
  cross.headers.set("Sec-Fetch-Site", "cross-site");
  EXPECT_EQ(answer(cross).status, 403);
  HttpRequest own = request("GET", "/admin/v1/rooms");
  own.headers.set("Origin", "https://meet.example");
  EXPECT_EQ(answer(own).status, 200);
  HttpRequest preflight = request("OPTIONS", "/admin/v1/rooms");
  EXPECT_EQ(answer(preflight).status, 405);
}

TEST_F(AdminApi, OnlyWhatTheTableHasIsServed) {
  EXPECT_EQ(call("GET", "/nothing").status, 404);
  EXPECT_EQ(call("GET", "/rooms/board/explain").status, 404);
  EXPECT_EQ(call("GET", "/rooms/board/explain/ada/more").status, 404);
  const HttpResponse wrong_method = call("DELETE", "/rooms");
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(wrong_method.headers.find("Allow"), "GET");
}

TEST_F(AdminApi, TheDocumentDescribesEachRouteOnce) {
  const Json document = openapi_document();
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  std::set<std::string> names;
  std::size_t operations = 0;
  for (const auto& [path, methods] : document.at("paths").items()) {
    for (const auto& [method, operation] : methods.items()) {
      ++operations;
      EXPECT_TRUE(names.insert(operation.at("operationId").get<std::string>()).second) << path;
      EXPECT_TRUE(operation.at("responses").contains("401")) << path;
    }
  }
  EXPECT_EQ(operations, routes().size());
  for (const Route& route : routes()) {
    for (const std::string_view schema : {route.query, route.body, route.success}) {
      EXPECT_TRUE(schema.empty() || schemas().contains(std::string(schema))) << schema;
    }
  }
}

TEST_F(AdminApi, BodiesAreHeldAgainstTheirSchemas) {
  EXPECT_EQ(call("POST", "/explain", R"({"room":"board"})").status, 200);
  EXPECT_EQ(call("POST", "/explain").status, 415) << "a body is needed";
  for (const char* body :
       {"{}", "[]", R"({"room":7})", R"({"room":""})", R"({"room":"a","surprise":1})", R"({"room":"a","room":"b"})",
        R"({"room":"a\u0000b"})", R"({"room":)", R"({"room":"a","token":"x","account":"y"})", R"({"room":"focus"})"}) {
    const HttpResponse refused = call("POST", "/explain", body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_THAT(refused.body, HasSubstr("remedy"));
  }
  EXPECT_EQ(call("POST", "/explain", R"({"room":")" + std::string(2000, 'a') + "\"}").status, 400);
  EXPECT_EQ(call("POST", "/explain", std::string(kMaxBodyBytes + 1, ' ')).status, 413);
  HttpRequest form = request("POST", "/admin/v1/explain", R"({"room":"board"})");
  form.headers.set("Content-Type", "text/plain");
  EXPECT_EQ(answer(form).status, 415) << "what a form of a foreign page may send";
}

TEST_F(AdminApi, ExplainAsksForGuestTokenOrAccount) {
  EXPECT_EQ(call("POST", "/explain", R"({"room":"team/board","token":"t"})").status, 200);
  EXPECT_EQ(backend.asked->room.key(), "[team]board");
  EXPECT_EQ(backend.asked->token, "t");
  HttpRequest words = request("POST", "/admin/v1/explain", R"({"room":"board"})");
  words.headers.set("Accept", "text/plain");
  EXPECT_THAT(answer(words).body, HasSubstr("outcome   "));
}

TEST_F(AdminApi, RoomsAreListedShownAndEnded) {
  EXPECT_THAT(call("GET", "/rooms").body, HasSubstr(R"("waiting":2)"));
  EXPECT_EQ(call("GET", "/rooms/board").status, 200);
  EXPECT_EQ(call("GET", "/rooms/other").status, 404);
  EXPECT_EQ(call("GET", "/rooms/board/explain/ada").status, 200);
  EXPECT_EQ(call("GET", "/rooms/board/explain/bob").status, 404);
  EXPECT_EQ(call("POST", "/rooms/board/end").status, 200);
  EXPECT_EQ(call("POST", "/rooms/other/end").status, 404);
  EXPECT_EQ(call("POST", "/rooms/board/occupants/ada/bar", R"({"reason":"noise"})").status, 200);
  EXPECT_TRUE(backend.removed->barred);
  EXPECT_EQ(backend.removed->reason, "noise");
}

TEST_F(AdminApi, ARevocationNamesExactlyOneCredential) {
  const HttpResponse made = call("POST", "/revocations", R"({"jti":"t-1","issuer":"app","note":"left"})");
  EXPECT_EQ(made.status, 201);
  const std::string id = backend.revoked.front().id();
  EXPECT_THAT(made.body, HasSubstr(id));
  EXPECT_THAT(call("GET", "/revocations").body, HasSubstr(id));
  EXPECT_EQ(call("DELETE", "/revocations/" + id).status, 200);
  EXPECT_EQ(call("DELETE", "/revocations/0").status, 404);
  EXPECT_EQ(call("POST", "/revocations", "{}").status, 400);
  EXPECT_EQ(call("POST", "/revocations", R"({"jti":"a","subject":"b"})").status, 400);
  EXPECT_EQ(call("POST", "/revocations", R"({"token_hash":")" + std::string(64, 'x') + "\"}").status, 400);
  EXPECT_EQ(call("POST", "/revocations", R"({"jti":"a","until":1})").status, 422) << "long past";
}

TEST_F(AdminApi, ATokenToRevokeIsNotRepeated) {
  const HttpResponse made = call("POST", "/revocations", R"({"token":"canary-token"})");
  EXPECT_EQ(backend.ordered->token, "canary-token");
  EXPECT_THAT(made.body, Not(HasSubstr("canary-token")));
}

TEST_F(AdminApi, RoomsAreDefinedReadAndTakenBack) {
  const HttpResponse made = call(
      "PUT", "/definitions/[team]board",
      R"({"owners":["account:alice"],"password":"sesame-canary","lobby":"guests","capacity":5,"not_before":1700000000,)"
      R"("expires":1700003600,"record":"owners"})");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_THAT(made.body, AllOf(HasSubstr(R"("has_password":true)"), HasSubstr(R"("defined_by":"api")")));
  ASSERT_EQ(backend.defined.size(), 1u);
  const access::RoomDefinition& board = backend.defined.front().definition;
  EXPECT_EQ(board.name.key(), "[team]board");
  EXPECT_THAT(board.owners, ::testing::ElementsAre("account:alice"));
  EXPECT_EQ(board.password, "sesame-canary");
  EXPECT_EQ(board.lobby, access::Lobby::Guests);
  EXPECT_EQ(board.capacity, 5u);
  EXPECT_EQ(board.not_before, kNow);
  EXPECT_EQ(board.expires, kNow + std::chrono::hours(1));
  EXPECT_EQ(board.recorders, access::Recorders::Owners);
  const HttpResponse list = call("GET", "/definitions");
  const HttpResponse shown = call("GET", "/definitions/[team]board");
  for (const std::string& text : {made.body, list.body, shown.body}) EXPECT_THAT(text, Not(HasSubstr("canary")));
  EXPECT_EQ(Json::parse(list.body).at("definitions").size(), 1u);
  EXPECT_EQ(call("DELETE", "/definitions/[team]board").status, 200);
  EXPECT_EQ(call("DELETE", "/definitions/[team]board").status, 404);
  EXPECT_EQ(call("GET", "/definitions/[team]board").status, 404);
  EXPECT_THAT(backend.audited, Contains("admin done defineRoom [team]board"));
}

TEST_F(AdminApi, ADefinitionThatCannotBeIsRefused) {
  for (const char* body : {R"({"owners":"alice"})", R"({"owners":[1]})", R"({"owners":[""]})", R"({"capacity":0})",
                           R"({"lobby":"on"})", R"({"record":"me"})", R"({"expires":"soon"})", R"({"name":"x"})"}) {
    EXPECT_EQ(call("PUT", "/definitions/board", body).status, 400) << body;
  }
  EXPECT_EQ(call("PUT", "/definitions/board", R"({"not_before":200,"expires":100})").status, 422);
  EXPECT_EQ(call("PUT", "/definitions/focus", "{}").status, 400);
  std::string many = R"({"owners":["a")";
  for (int i = 0; i < 100; ++i) many += ",\"o\"";
  EXPECT_EQ(call("PUT", "/definitions/board", many + "]}").status, 400);
  EXPECT_TRUE(backend.defined.empty());
}

TEST_F(AdminApi, S25_AReloadSaysWhatBecomesOfThoseInside) {
  EXPECT_EQ(call("POST", "/reload").status, 200);
  EXPECT_FALSE(backend.reloaded);
  EXPECT_EQ(call("POST", "/reload", R"({"inside":"anew"})").status, 200);
  EXPECT_EQ(backend.reloaded, ops::AtReload::Anew);
  EXPECT_EQ(call("POST", "/reload", R"({"inside":"now"})").status, 400);
}

TEST_F(AdminApi, AuditTailHasALimitAndSkipsBrokenLines) {
  const HttpResponse tail = call("GET", "/audit");
  EXPECT_EQ(backend.tail, 100u);
  EXPECT_EQ(Json::parse(tail.body).at("entries").size(), 1u);
  HttpRequest much = request("GET", "/admin/v1/audit");
  much.query = {{"limit", "1001"}};
  EXPECT_EQ(answer(much).status, 400);
  much.query = {{"limit", "all"}};
  EXPECT_EQ(answer(much).status, 400);
}

TEST_F(AdminApi, ActsOfOperatorsAndThoseTurnedAwayAreAudited) {
  call("POST", "/rooms/board/end");
  call("GET", "/rooms");
  EXPECT_THAT(backend.audited, ::testing::ElementsAre("admin done endRoom board"));
  HttpRequest stranger = request("GET", "/admin/v1/rooms");
  stranger.headers.set("Authorization", "Bearer wrong");
  answer(stranger);
  EXPECT_EQ(backend.audited.back(), "admin no-token ");
}

// The checker must know every word that our own request schemas use.
void expect_only_known_words(const Json& schema) {
  static const std::set<std::string> kKnown = {
      "type",    "enum",        "required", "properties", "additionalProperties", "minLength", "maxLength", "minimum",
      "maximum", "description", "items",    "maxItems"};
  for (const auto& [word, value] : schema.items()) EXPECT_TRUE(kKnown.contains(word)) << word;
  if (schema.contains("items")) expect_only_known_words(schema["items"]);
  if (!schema.contains("properties")) return;
  for (const auto& [name, inner] : schema["properties"].items()) expect_only_known_words(inner);
}

TEST(AdminSchema, RequestSchemasUseOnlyWordsThatAreChecked) {
  for (const Route& route : routes()) {
    for (const std::string_view name : {route.query, route.body}) {
      if (name.empty()) continue;
      expect_only_known_words(schemas().at(std::string(name)));
      EXPECT_EQ(schemas().at(std::string(name)).at("additionalProperties"), false) << name;
    }
  }
}

}  // namespace
}  // namespace conclave::admin
