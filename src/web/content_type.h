#pragma once
// What a file is, by its name. Pure; any thread.
#include <string_view>

namespace conclave::web {

std::string_view content_type(std::string_view file_name);
// Text and the like: made smaller by gzip. Pictures, sounds and fonts are small already.
bool is_compressible(std::string_view content_type);
// "app-K3J7QZ2A.js", "font.0f3a9c21.woff2": the name changes with the content.
bool has_hashed_name(std::string_view file_name);

}  // namespace conclave::web
