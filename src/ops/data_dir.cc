#include "ops/data_dir.h"

namespace conclave::ops {

std::filesystem::path data_dir_of(const SettingReader& read, const Environment& environment) {
  const auto own = read.text("CONCLAVE_DATA");
  std::string path = own ? *own : read.text("CONFIG").value_or("./data");
  const auto home = environment.find("HOME");
  if (path.starts_with('~') && home != environment.end()) path = home->second + path.substr(1);
  return path;
}

}  // namespace conclave::ops
