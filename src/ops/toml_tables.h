#pragma once
// The [[issuer]] and [[room]] tables of conclave.toml. Only while settings are read; ConfigError names table, key,
// place and remedy.
#include <vector>

#include "access/room_definition.h"
#include "ops/toml_file.h"

namespace conclave::ops {

struct Settings;

// Adds every [[issuer]] to settings.issuers, which must hold our own issuer already.
void add_issuers(const TomlFile& file, Settings& settings);

// Every [[room]]: a room that is defined before it starts. A name twice is an error.
std::vector<access::RoomDefinition> rooms_of(const TomlFile& file);

}  // namespace conclave::ops
