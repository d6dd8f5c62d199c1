// Where settings stand: the environment of the process, the .env file, conclave.toml.
#include <fstream>
#include <sstream>

#include "ops/data_dir.h"
#include "ops/setting_reader.h"
#include "ops/settings.h"

extern char** environ;

namespace conclave::ops {
namespace {

Environment process_environment() {
  Environment all;
  for (char** one = environ; one != nullptr && *one != nullptr; ++one) {
    const std::string_view text(*one);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

std::optional<std::string> content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) return std::nullopt;
  std::ostringstream content;
  content << in.rdbuf();
  return std::move(content).str();
}

std::optional<EnvFile> find_env_file(const CommandLine& command_line, const Environment& environment) {
  const auto named = SettingReader(command_line, environment, std::nullopt).text("CONCLAVE_ENV_FILE");
  const std::string path = named.value_or("./.env");
  const auto text = content_of(path);
  if (!text && named) throw ConfigError("CONCLAVE_ENV_FILE", path, "The file cannot be read. Name one that exists.");
  return text ? std::optional(parse_env_file(*text, path, environment)) : std::nullopt;
}

std::optional<TomlFile> find_toml_file(const CommandLine& command_line, const Environment& environment,
                                       const std::optional<EnvFile>& file) {
  const SettingReader read(command_line, environment, file);
  if (const auto named = read.find("CONCLAVE_CONFIG_FILE")) {
    const auto text = content_of(named->value);
    if (!text)
      throw ConfigError("CONCLAVE_CONFIG_FILE", named->value, "The file cannot be read. Name one that exists.",
                        named->place);
    return parse_toml_file(*text, named->value);
  }
  for (const std::string& path :
       {std::string("./conclave.toml"), (data_dir_of(read, environment) / "conclave.toml").string()}) {
    if (const auto text = content_of(path)) return parse_toml_file(*text, path);
  }
  return std::nullopt;
}

}  // namespace

Settings load_settings(const CommandLine& command_line) {
  const Environment environment = process_environment();
  const std::optional<EnvFile> file = find_env_file(command_line, environment);
  return load_settings(command_line, environment, file, find_toml_file(command_line, environment, file));
}

}  // namespace conclave::ops
