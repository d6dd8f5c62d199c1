#pragma once
// From variables to what is laid over the server's own part of config.js. Throws ConfigError.
#include <filesystem>

#include "ops/setting_reader.h"
#include "web/client_options.h"

namespace conclave::ops {

// `custom` is the directory of docker's custom-config.js and custom-interface_config.js; both may be missing.
web::ClientOptions read_client(const SettingReader& read, const std::filesystem::path& custom);

}  // namespace conclave::ops
