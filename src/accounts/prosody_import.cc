#include "accounts/prosody_import.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "accounts/lua_table.h"
#include "sasl/prepare.h"

namespace conclave::accounts {
namespace {

namespace fs = std::filesystem;
using sasl::ScramHash;
using sasl::ScramKeys;

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = hex_digit(text[i]);
    const auto low = hex_digit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes += static_cast<char>(*high * 16 + *low);
  }
  return bytes;
}

const std::string* text_in(const LuaTable& table, const std::string& key) {
  const auto found = table.find(key);
  return found == table.end() ? nullptr : found->second.text();
}

// Prosody's hashed store is of SCRAM-SHA-1; one of SHA-256 has keys of 32 bytes.
Result<ScramKeys, std::string> hashed_keys(const LuaTable& table) {
  const std::string* salt = text_in(table, "salt");
  const std::string* stored = text_in(table, "stored_key");
  const std::string* server = text_in(table, "server_key");
  const auto count = table.find("iteration_count");
  const double* iterations = count == table.end() ? nullptr : count->second.number();
  if (!salt || !stored || !server || !iterations)
    return failure(std::string("it holds neither a password nor all of its keys"));
  auto stored_key = from_hex(*stored);
  auto server_key = from_hex(*server);
  if (!stored_key || !server_key || stored_key->size() != server_key->size())
    return failure(std::string("its keys are not hexadecimal digits"));
  const bool sha256 = stored_key->size() == sasl::digest_bytes(ScramHash::Sha256);
  if (!sha256 && stored_key->size() != sasl::digest_bytes(ScramHash::Sha1))
    return failure(std::string("its keys have an unknown length"));
  if (salt->empty() || salt->size() > 256) return failure(std::string("its salt is empty or too long"));
  if (std::floor(*iterations) != *iterations || *iterations < sasl::kMinIterations ||
      *iterations > sasl::kMaxIterations) {
    return failure(std::string("its iteration count is out of bounds"));
  }
  return ScramKeys{.hash = sha256 ? ScramHash::Sha256 : ScramHash::Sha1,
                   .salt = *salt,
                   .iterations = static_cast<std::uint32_t>(*iterations),
                   .stored_key = *std::move(stored_key),
                   .server_key = *std::move(server_key)};
}

bool is_account_file(const fs::directory_entry& entry) {
  std::error_code error;
  return entry.path().extension() == ".dat" && entry.path().parent_path().filename() == "accounts" &&
         entry.is_regular_file(error);
}

std::optional<ProsodyFile> file_at(const fs::path& path) {
  auto host = decoded_file_name(path.parent_path().parent_path().filename().string());
  auto name = decoded_file_name(path.stem().string());
  if (!host || !name) return std::nullopt;
  return ProsodyFile{path, *std::move(host), *std::move(name)};
}

}  // namespace

std::optional<std::string> decoded_file_name(std::string_view name) {
  std::string decoded;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '%') {
      decoded += name[i];
      continue;
    }
    const auto byte = from_hex(name.substr(i + 1, 2));
    if (!byte || byte->size() != 1) return std::nullopt;
    decoded += *byte;
    i += 2;
  }
  return decoded;
}

Result<ImportedAccount, std::string> account_from_prosody(std::string_view name, std::string_view content,
                                                          Random& random) {
  auto prepared = sasl::prepare_username(name);
  if (!prepared) return failure(std::string("its name cannot be an account's here"));
  const auto table = read_lua_table(content);
  if (!table) return failure(std::string("it is not a table as Prosody writes them"));
  ImportedAccount imported{.account = {.name = *std::move(prepared)}, .keys = {}};
  if (const auto disabled = table->find("disabled"); disabled != table->end()) {
    const bool* yes = std::get_if<bool>(&disabled->second.value);
    imported.account.locked = yes != nullptr && *yes;
  }
  if (const std::string* clear = text_in(*table, "password")) {
    const auto password = sasl::prepare_password(*clear);
    if (!password) return failure(std::string("its password is empty or has control characters"));
    for (const ScramHash hash : {ScramHash::Sha256, ScramHash::Sha1}) {
      imported.keys.push_back(sasl::make_keys(hash, *password, random));
    }
    return imported;
  }
  auto keys = hashed_keys(*table);
  if (!keys) return failure(std::move(keys.error()));
  imported.keys.push_back(*std::move(keys));
  return imported;
}

Result<std::vector<ProsodyFile>, std::string> find_prosody_files(const fs::path& where) {
  std::error_code error;
  std::vector<ProsodyFile> files;
  const fs::path place = fs::absolute(where, error).lexically_normal();
  if (fs::is_regular_file(place, error)) {
    if (auto file = file_at(place)) files.push_back(*std::move(file));
    return files;
  }
  fs::recursive_directory_iterator walk(place, fs::directory_options::skip_permission_denied, error);
  if (error) return failure("It cannot be read: " + error.message() + ".");
  for (; walk != fs::recursive_directory_iterator(); walk.increment(error)) {
    if (error) return failure("It cannot be read: " + error.message() + ".");
    if (!is_account_file(*walk)) continue;
    if (auto file = file_at(walk->path())) files.push_back(*std::move(file));
    if (files.size() > kMaxImportFiles) return failure(std::string("It has too many files."));
  }
  std::ranges::sort(files, {}, &ProsodyFile::path);
  return files;
}

}  // namespace conclave::accounts
