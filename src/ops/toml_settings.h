#pragma once
// The [sections] of conclave.toml as values of settings, under the names of their variables, so that one reader and one
// set of errors serves the file and the environment.
#include <map>
#include <string>
#include <vector>

#include "ops/toml_file.h"

namespace conclave::ops {

struct FileSetting {
  std::string value;               // as the environment would say it
  std::vector<std::string> items;  // of a list, which may hold commas here
  std::string place;               // "conclave.toml:12"
};
using FileSettings = std::map<std::string, FileSetting, std::less<>>;  // by variable

// Throws ConfigError for a section or key that does not exist, and for a value of the wrong type. Arrays of tables are
// judged by whoever reads them; an unknown one is an error here.
FileSettings settings_of(const TomlFile& file);

// The policy switches of one [[rooms]] entry; `match` is left out.
FileSettings room_switches_of(const TomlTable& table);

}  // namespace conclave::ops
