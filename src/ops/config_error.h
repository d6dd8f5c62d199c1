#pragma once
// The operator got a setting wrong. Thrown only while starting; only main catches it, prints it and exits 78
// (EX_CONFIG).
#include <stdexcept>
#include <string>

namespace conclave::ops {

constexpr int kExitConfig = 78;
constexpr int kExitUsage = 64;

class ConfigError : public std::runtime_error {
 public:
  // `value` is what is shown: pass "" for secrets. `place` is "command line", "environment" or "FILE:LINE".
  ConfigError(std::string name, std::string value, std::string remedy, std::string place = {});

  const std::string& name() const { return name_; }
  const std::string& value() const { return value_; }
  const std::string& remedy() const { return remedy_; }
  const std::string& place() const { return place_; }

 private:
  std::string name_;
  std::string value_;
  std::string remedy_;
  std::string place_;
};

}  // namespace conclave::ops
