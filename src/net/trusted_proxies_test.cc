#include "net/trusted_proxies.h"

#include <gtest/gtest.h>

namespace conclave {
namespace {

HttpRequest from(std::string_view peer, Headers headers = {}, bool tls = false) {
  HttpRequest request;
  request.peer = *Address::parse(peer, 4711);
  request.headers = std::move(headers);
  request.tls = tls;
  return request;
}

TrustedProxies local_and_ten() {
  TrustedProxies proxies;
  EXPECT_TRUE(proxies.add("127.0.0.1"));
  EXPECT_TRUE(proxies.add("::1"));
  EXPECT_TRUE(proxies.add("10.0.0.0/8"));
  return proxies;
}

TEST(TrustedProxies, BelievesNobodyElse) {
  const auto origin = local_and_ten().origin_of(
      from("192.0.2.7", {{"X-Forwarded-For", "198.51.100.1"}, {"X-Forwarded-Proto", "https"}}));
  EXPECT_EQ(origin.client.ip(), "192.0.2.7");
  EXPECT_FALSE(origin.confidential);
}

TEST(TrustedProxies, TakesTheLastHopThatIsNoProxyOfOurs) {
  const auto origin = local_and_ten().origin_of(
      from("127.0.0.1", {{"X-Forwarded-For", "203.0.113.9, 198.51.100.1"}, {"x-forwarded-for", "10.2.3.4"}}));
  EXPECT_EQ(origin.client.ip(), "198.51.100.1");  // what stands before it the person may have written
}

TEST(TrustedProxies, AHopThatIsNoAddressEndsTheSearch) {
  const auto origin = local_and_ten().origin_of(from("127.0.0.1", {{"X-Forwarded-For", "198.51.100.1, unknown"}}));
  EXPECT_EQ(origin.client.ip(), "127.0.0.1");
}

TEST(TrustedProxies, TlsHereOrAtTheProxyIsConfidentialAndSoIsThisMachine) {
  const TrustedProxies proxies = local_and_ten();
  EXPECT_TRUE(proxies.origin_of(from("192.0.2.7", {}, true)).confidential);
  EXPECT_FALSE(proxies.origin_of(from("192.0.2.7")).confidential);
  EXPECT_TRUE(proxies.origin_of(from("127.0.0.1")).confidential);
  EXPECT_FALSE(proxies.origin_of(from("127.0.0.1", {{"X-Forwarded-Proto", "http"}})).confidential);
  EXPECT_TRUE(proxies.origin_of(from("10.9.9.9", {{"X-Forwarded-Proto", "https"}})).confidential);
  EXPECT_FALSE(proxies.origin_of(from("10.9.9.9")).confidential);
}

TEST(TrustedProxies, RefusesWhatIsNoNetwork) {
  TrustedProxies proxies;
  for (const char* text : {"", "localhost", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "::/129"}) {
    EXPECT_FALSE(proxies.add(text)) << text;
  }
}

}  // namespace
}  // namespace conclave
