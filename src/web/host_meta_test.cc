#include "web/host_meta.h"

#include <gtest/gtest.h>

namespace conclave::web {
namespace {

std::string body(std::string path, const AlternativeConnections& connections, std::string method = "GET") {
  HttpRequest request;
  request.method = std::move(method);
  request.path = std::move(path);
  const auto response = host_meta(request, connections);
  return response ? std::to_string(response->status) + " " + response->body : "none";
}

TEST(HostMeta, NamesTheWaysInThatThereAre) {
  const AlternativeConnections both{.websocket = "wss://m.example/xmpp-websocket",
                                    .bosh = "https://m.example/http-bind"};
  EXPECT_EQ(body("/.well-known/host-meta", both),
            "200 <?xml version='1.0' encoding='utf-8'?>\n<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>\n"
            "  <Link rel='urn:xmpp:alt-connections:websocket' href='wss://m.example/xmpp-websocket'/>\n"
            "  <Link rel='urn:xmpp:alt-connections:xbosh' href='https://m.example/http-bind'/>\n</XRD>\n");
  EXPECT_EQ(body("/.well-known/host-meta.json", {.websocket = "wss://m.example/w"}),
            "200 {\"links\":[{\"href\":\"wss://m.example/w\",\"rel\":\"urn:xmpp:alt-connections:websocket\"}]}\n");
}

TEST(HostMeta, IsNothingElse) {
  EXPECT_EQ(body("/host-meta", {}), "none");
  EXPECT_EQ(body("/.well-known/host-meta", {}, "POST").substr(0, 4), "405 ");
  EXPECT_NE(body("/.well-known/host-meta", {.websocket = "wss://a'/><x"}).find("a&#39;/&#62;&#60;x"),
            std::string::npos);
}

}  // namespace
}  // namespace conclave::web
