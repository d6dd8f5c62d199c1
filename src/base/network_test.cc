#include "base/network.h"

#include <gtest/gtest.h>

namespace conclave {
namespace {

std::string network(std::string_view ip) {
  return network_of(*Address::parse(ip, 1));
}

TEST(Network, AnIpv4AddressIsItsOwn) {
  EXPECT_EQ(network("192.0.2.1"), "192.0.2.1");
  EXPECT_NE(network("192.0.2.1"), network("192.0.2.2"));
  EXPECT_EQ(network_of(*Address::parse("192.0.2.1", 5)), network("192.0.2.1")) << "the port is nobody's";
}

TEST(Network, OneIpv6NetworkIsOne) {
  EXPECT_EQ(network("2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
  EXPECT_EQ(network("2001:db8:1:2:3::4"), network("2001:db8:1:2::9"));
  EXPECT_NE(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
}

TEST(Network, AMappedAddressIsIpv4) {
  EXPECT_EQ(network("::ffff:192.0.2.1"), "192.0.2.1");
}

}  // namespace
}  // namespace conclave
