#pragma once
// Accounts as Prosody keeps them: <data>/<host>/accounts/<name>.dat, names percent-encoded, either with the clear
// password (auth "internal_plain") or with SCRAM-SHA-1 keys ("internal_hashed"). Reads only.
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/account.h"
#include "base/random.h"
#include "base/result.h"
#include "sasl/scram_keys.h"

namespace conclave::accounts {

inline constexpr std::size_t kMaxImportFiles = 1'000'000;

struct ImportedAccount {
  Account account;
  std::vector<sasl::ScramKeys> keys;  // SHA-1 alone if the password is not known
};

// The content of one file. A clear password becomes keys at once; the failure is a sentence without any of the content.
Result<ImportedAccount, std::string> account_from_prosody(std::string_view name, std::string_view content,
                                                          Random& random);

struct ProsodyFile {
  std::filesystem::path path;
  std::string host;  // decoded
  std::string name;  // decoded, not prepared
};
// All account files under a directory, or that one file, in the order of their paths. `where` may be Prosody's data
// directory, docker's CONFIG, one host, or one `accounts` directory.
Result<std::vector<ProsodyFile>, std::string> find_prosody_files(const std::filesystem::path& where);

// "a%2eb" → "a.b"; nothing if the code is broken.
std::optional<std::string> decoded_file_name(std::string_view name);

}  // namespace conclave::accounts
