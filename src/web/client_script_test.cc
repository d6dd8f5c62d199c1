#include "web/client_script.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace conclave::web {
namespace {

TEST(ClientScript, IsAnAssignment) {
  EXPECT_EQ(assignment("config", {{"a", 1}}), "var config = {\n  \"a\": 1\n};\n");
}

TEST(ClientScript, EndsWhereItEndsWhateverATextHolds) {
  const std::string script =
      assignment("config", {{"a", "</script><!--#include virtual=\"/x\" -->\"; alert(1) //\n\xe2\x80\xa8"}});
  EXPECT_EQ(
      script,
      "var config = {\n  \"a\": \"\\u003c/script\\u003e\\u003c!--#include virtual=\\\"/x\\\" --\\u003e\\\"; alert(1) "
      "//\\n\\u2028\"\n};\n");
  EXPECT_EQ(assignment("a", "\xff'"), "var a = \"\\ufffd'\";\n");
}

}  // namespace
}  // namespace conclave::web
