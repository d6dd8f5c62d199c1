#pragma once
// The file that revocations are kept in over a restart. Blocks.
#include <filesystem>
#include <string>

#include "access/revocation.h"
#include "base/result.h"

namespace conclave::server {

// A missing file is an empty list. The error says what is wrong with the file: an operator must decide, for a server
// that forgot what was revoked would let people in again.
Result<access::RevocationList, std::string> read_revocations(const std::filesystem::path& file);

// Without those of tickets, which do not outlive the program either.
std::string revocations_text(const access::RevocationList& list);

}  // namespace conclave::server
