#pragma once
// Values as JavaScript. Pure; any thread.
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace conclave::web {

// "var name = …;" and a line break. Stands in a file as well as between <script> and </script>: what a text holds ends
// neither a string, nor a line, nor the script.
std::string assignment(std::string_view name, const nlohmann::json& value);

}  // namespace conclave::web
