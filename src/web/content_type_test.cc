#include "web/content_type.h"

#include <gtest/gtest.h>

namespace conclave::web {
namespace {

TEST(ContentType, KnowsHashesInNames) {
  for (const char* name : {"main-5KQ2ZJ7A.js", "app.bundle-0a1b2c3d4e.js", "chunk.deadbeef00.css"})
    EXPECT_TRUE(has_hashed_name(name)) << name;
}

// What an operator replaces must not be kept for a year.
TEST(ContentType, TakesNoDateNumberOrWordForAHash) {
  for (const char* name : {"watermark-20240131.png", "logo-12345678.svg", "app-SETTINGS.js", "a-deadbeef.css",
                           "plain.js", "short-1A.js", "x-1234ABCd.js"})
    EXPECT_FALSE(has_hashed_name(name)) << name;
}

}  // namespace
}  // namespace conclave::web
