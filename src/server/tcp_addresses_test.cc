#include "server/tcp_addresses.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::server {
namespace {

std::vector<std::string> offered(const ops::Settings& settings, TcpPorts ports) {
  std::vector<std::string> result;
  const std::vector<Address> hosts{*Address::parse("192.0.2.1", 10000), *Address::parse("192.0.2.1", 10001)};
  for (const sfu::TcpAddress& each : tcp_addresses(settings, hosts, ports))
    result.push_back(each.address.str() + (each.pseudo_tls ? " ssltcp" : ""));
  return result;
}

TEST(TcpAddresses, TheHttpsPortFirstAsPeopleReachItAndEachHostOnce) {
  ops::Settings settings;
  settings.https_port = 0;
  settings.media.pseudo_tls = true;
  EXPECT_THAT(offered(settings, {.https = 8443, .own = 4443}),
              testing::ElementsAre("192.0.2.1:8443", "192.0.2.1:8443 ssltcp", "192.0.2.1:4443"));
  settings.media.https_mapped = 443;
  settings.media.tcp_mapped_port = 5443;
  settings.media.pseudo_tls = false;
  EXPECT_THAT(offered(settings, {.https = 8443, .own = 4443}), testing::ElementsAre("192.0.2.1:443", "192.0.2.1:5443"));
  settings.media.on_https = false;
  EXPECT_THAT(offered(settings, {.https = 8443, .own = {}}), testing::IsEmpty());
}

}  // namespace
}  // namespace conclave::server
