#pragma once
// Secrets that the server makes for itself: one line in a file of mode 0600 in the data directory.
#include <filesystem>
#include <string>

#include "base/random.h"

namespace conclave::ops {

// The file's content; if there is no file, one is made with `length` random letters and digits. ConfigError(`setting`)
// if the directory cannot be written, or the file is empty or unreadable.
std::string secret_from(const std::filesystem::path& file, std::size_t length, Random& random,
                        const std::string& setting);

// The content of a file that a setting names, at most 64 kB. ConfigError(`setting`, `place`) if it cannot be read.
std::string small_file(const std::string& path, const std::string& setting, const std::string& place);
// The same without blanks around it; empty is an error.
std::string secret_in_file(const std::string& path, const std::string& setting, const std::string& place);

}  // namespace conclave::ops
