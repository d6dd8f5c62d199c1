#include "server/memory_keeper.h"

#include <gtest/gtest.h>

namespace conclave::server {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1024} * 1024;

TEST(MemoryKeeper, GivesBackWhatIsMuchBesideWhatIsUsed) {
  EXPECT_TRUE(is_worth_giving_back(6 * kMegabyte, 14 * kMegabyte));
  EXPECT_FALSE(is_worth_giving_back(kMegabyte, kMegabyte)) << "a small server keeps a little";
  EXPECT_FALSE(is_worth_giving_back(10 * kMegabyte, 1000 * kMegabyte)) << "a tenth of what is used comes and goes";
}

}  // namespace
}  // namespace conclave::server
