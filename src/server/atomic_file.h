#pragma once
// Files that are written whole. Blocks: for worker threads, and for the start.
#include <filesystem>
#include <string>

namespace conclave::server {

// All or nothing, for the owner's eyes only, and on the disk when it returns true.
bool write_atomically(const std::filesystem::path& file, const std::string& text);

}  // namespace conclave::server
