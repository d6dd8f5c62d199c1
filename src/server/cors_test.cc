#include "server/cors.h"

#include <gtest/gtest.h>

namespace conclave::server {
namespace {

std::string header(const HttpResponse& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or("none"));
}

TEST(Cors, AStarLetsAllIn) {
  HttpResponse response;
  Cors({"https://one.example", "*"}).allow("https://elsewhere.example", response);
  EXPECT_EQ(header(response, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(header(response, "Vary"), "none");
}

// A cache in front must not give one origin's answer to another, nor the one that names nobody.
TEST(Cors, AListNamesTheOneWhoAsksAndSaysThatItDepends) {
  const Cors cors({"https://one.example", "https://two.example"});
  for (const char* origin : {"https://two.example", "https://evil.example", "https://two.example.evil", ""}) {
    HttpResponse response;
    cors.allow(origin, response);
    EXPECT_EQ(header(response, "Access-Control-Allow-Origin"),
              std::string_view(origin) == "https://two.example" ? origin : "none");
    EXPECT_EQ(header(response, "Vary"), "Origin") << origin;
  }
}

TEST(Cors, APreflightSaysWhatMayBeSent) {
  const HttpResponse response = Cors::preflight();
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(header(response, "Access-Control-Allow-Methods"), "POST, OPTIONS");
  EXPECT_EQ(header(response, "Access-Control-Allow-Headers"), "Authorization, Content-Type");
}

}  // namespace
}  // namespace conclave::server
