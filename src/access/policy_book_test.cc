#include "access/policy_book.h"

#include <gtest/gtest.h>

namespace conclave::access {
namespace {

Policy policy(Guests guests) {
  Policy made;
  made.guests = guests;
  return made;
}

PolicyBook::Section section(std::string_view pattern, Guests guests) {
  return {.pattern = RoomPattern::parse(pattern).value(), .policy = policy(guests)};
}

Guests guests_in(const PolicyBook& book, std::string_view room) {
  return book.for_room(canonical_room(room).value()).guests;
}

TEST(PolicyBook, TheFirstSectionThatMatchesDecidesAlone) {
  const PolicyBook book{.base = policy(Guests::Join),
                        .sections = {section("staff-*", Guests::Deny), section("*-open", Guests::Create)}};
  EXPECT_EQ(guests_in(book, "lesson"), Guests::Join);
  EXPECT_EQ(guests_in(book, "staff-room"), Guests::Deny);
  EXPECT_EQ(guests_in(book, "lesson-open"), Guests::Create);
  EXPECT_EQ(guests_in(book, "staff-open"), Guests::Deny);
}

}  // namespace
}  // namespace conclave::access
