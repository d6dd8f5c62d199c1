#pragma once
// Reads an operator's .env (environment.md 1): NAME=value, # comments, single or double quotes, ${OTHER}, CRLF, a
// leading `export`. A name twice and a line that is none of these are ConfigErrors that name the lines. Only while
// starting.
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace conclave::ops {

constexpr std::size_t kMaxEnvFileBytes = 1024 * 1024;

using Environment = std::map<std::string, std::string>;

struct EnvFile {
  struct Entry {
    std::string value;
    std::size_t line = 0;
  };
  std::string path;
  std::map<std::string, Entry> entries;
};

// ${OTHER} is looked up in `outer` (the process environment), which wins over the file, then in earlier lines; unknown
// is empty.
EnvFile parse_env_file(std::string_view text, const std::string& path, const Environment& outer);

}  // namespace conclave::ops
