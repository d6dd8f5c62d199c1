#pragma once
// Where the server keeps what it makes: certificate, secrets, accounts.
#include <filesystem>

#include "ops/setting_reader.h"

namespace conclave::ops {

// CONCLAVE_DATA, or docker's CONFIG. A leading ~ is the home directory.
std::filesystem::path data_dir_of(const SettingReader& read, const Environment& environment);

}  // namespace conclave::ops
