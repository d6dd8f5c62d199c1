#pragma once
// The table of settings as a document, as a commented conclave.toml, and as data: `conclave settings`.
#include <string>

namespace conclave::ops {

std::string settings_as_markdown();  // docs/settings.md
std::string settings_as_toml();      // conf/conclave.example.toml: valid, and every value in it is the default
std::string settings_as_json();

}  // namespace conclave::ops
