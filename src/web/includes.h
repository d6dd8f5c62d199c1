#pragma once
// Server-side includes, as far as the stock client's pages have them:
//
//   <!--#include virtual="head.html" -->   the text of another file, expanded in turn; of one that is missing: nothing
//   <!--# echo var="subdir" default="" -->  a variable, or the default
//
// A directive that is anything else is replaced by a comment. Pure; any thread.
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace conclave::web {

inline constexpr std::size_t kMaxIncludeDepth = 8;
inline constexpr std::size_t kMaxIncludes = 100;                   // of one page
inline constexpr std::size_t kMaxExpandedBytes = 4 * 1024 * 1024;  // of one page

enum class IncludeError { TooDeep, TooMany, TooLarge };
std::string_view text(IncludeError error);

struct Includes {
  // The file at an absolute path below the root ("/static/x.html"); nothing if there is none.
  std::function<std::optional<std::string>(const std::string& path)> file;
  std::map<std::string, std::string, std::less<>> variables = {};
};

// `path` is that of the text, "/index.html": what it includes is beside it unless it says otherwise. Values of
// variables are escaped so that they end neither a tag nor a script's string, and are not looked at again.
Result<std::string, IncludeError> expand(std::string_view page, std::string_view path, const Includes& includes);

}  // namespace conclave::web
