#include "net/segment_plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "base/random.h"

namespace conclave {
namespace {

TEST(SegmentPlan, JoinsOneSizeToOneReceiverAndEndsWithAShorterOne) {
  const Address a = Address::v4(1, 1);
  const Address b = Address::v4(2, 2);
  const auto plan = std::make_unique<SegmentPlan>();
  plan->clear();
  for (const auto& [to, size] :
       std::vector<std::pair<Address, std::size_t>>{{a, 9}, {b, 9}, {a, 9}, {b, 12}, {a, 4}, {a, 4}})
    plan->add(to, size, true);
  ASSERT_EQ(plan->groups(), 4u);
  EXPECT_EQ(plan->group(0).count, 3u);  // a: 9 9 4
  EXPECT_EQ(plan->group(1).count, 1u);  // b: 9, and a longer one begins anew
  EXPECT_EQ(plan->group(2).count, 1u);
  EXPECT_EQ(plan->group(3).count, 1u);  // a: behind the shorter one nothing may follow
}

TEST(SegmentPlan, NothingIsLostOrOvertakenWhateverTheAddressesHashTo) {
  SeededRandom random{7};
  const auto plan = std::make_unique<SegmentPlan>();
  for (int round = 0; round < 50; ++round) {
    plan->clear();
    std::vector<std::pair<Address, std::size_t>> sent;
    std::vector<std::uint32_t> hosts(300);  // enough for some to share a place
    for (std::uint32_t& host : hosts) host = static_cast<std::uint32_t>(random.number());
    for (std::size_t i = 0; i < SegmentPlan::kMaxDatagrams; ++i) {
      sent.emplace_back(Address::v4(hosts[random.number() % hosts.size()], 5), random.number() % 3);
      plan->add(sent.back().first, sent.back().second, true);
    }
    std::map<Address, std::vector<std::size_t>> order;
    for (std::size_t g = 0; g < plan->groups(); ++g) {
      const Address& to = sent[plan->group(g).first].first;
      for (auto at = plan->group(g).first; at != SegmentPlan::kNone; at = plan->next(at)) {
        ASSERT_EQ(sent[at].first, to) << "one message has one receiver";
        order[to].push_back(at);
      }
    }
    std::size_t all = 0;
    for (const auto& [to, indexes] : order) {
      EXPECT_TRUE(std::is_sorted(indexes.begin(), indexes.end()));
      all += indexes.size();
    }
    EXPECT_EQ(all, sent.size());
  }
}

}  // namespace
}  // namespace conclave
