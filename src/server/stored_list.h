#pragma once
// What admin API calls leave on the disk: one JSON object with one list. For the .cc files of this folder: the JSON
// header is heavy. Blocks; not for a loop once it runs.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

namespace conclave::server {

using StoredJson = nlohmann::ordered_json;

// Each entry of the list `name` is handed to `keep`, which says whether it can be kept and may throw nlohmann's
// exceptions for what is missing or of another type. No file is an empty list. Otherwise what is wrong, as a sentence.
template <class Keep>
std::optional<std::string> read_stored_list(const std::filesystem::path& file, const char* name, Keep keep) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::nullopt;
  std::ifstream in(file);
  if (!in) return "It cannot be read.";
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  try {
    const StoredJson stored = StoredJson::parse(text);
    for (const StoredJson& entry : stored.at(name)) {
      if (!keep(entry)) return "It holds what this version cannot keep.";
    }
  } catch (const StoredJson::exception&) {
    return "It is damaged.";
  }
  return std::nullopt;
}

inline std::string stored_list_text(const char* name, StoredJson list) {
  return StoredJson{{name, std::move(list)}}.dump(2, ' ', false, StoredJson::error_handler_t::replace) + "\n";
}

}  // namespace conclave::server
