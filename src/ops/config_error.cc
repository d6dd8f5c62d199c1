#include "ops/config_error.h"

namespace conclave::ops {
namespace {

std::string sentence(const std::string& name, const std::string& value, const std::string& remedy,
                     const std::string& place) {
  std::string text = name;
  if (!value.empty()) text += "=" + value;
  if (!place.empty()) text += " (" + place + ")";
  return text + ": " + remedy;
}

}  // namespace

ConfigError::ConfigError(std::string name, std::string value, std::string remedy, std::string place)
    : std::runtime_error(sentence(name, value, remedy, place)),
      name_(std::move(name)),
      value_(std::move(value)),
      remedy_(std::move(remedy)),
      place_(std::move(place)) {}

}  // namespace conclave::ops
