#include "ops/secret_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "ops/config_error.h"
#include "ops/setting_reader.h"

namespace conclave::ops {
namespace {

std::string existing(const std::filesystem::path& file, const std::string& setting) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  const std::string secret(without_blanks(line));
  if (secret.empty()) {
    throw ConfigError(setting, file.string(),
                      "The file holds no secret, or the server may not read it. Remove it to get a new one.");
  }
  return secret;
}

constexpr std::size_t kMaxSmallFileBytes = 64 * 1024;

}  // namespace

std::string small_file(const std::string& path, const std::string& setting, const std::string& place) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw ConfigError(setting, path, "The file cannot be read. Name one that exists and that the server may read.",
                      place);
  std::string text(kMaxSmallFileBytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxSmallFileBytes) throw ConfigError(setting, path, "The file is too large to hold a key.", place);
  return text;
}

std::string secret_in_file(const std::string& path, const std::string& setting, const std::string& place) {
  const std::string content = small_file(path, setting, place);
  const std::string_view value = without_blanks(content);
  if (value.empty()) throw ConfigError(setting, path, "The file is empty. Put the secret into it.", place);
  return std::string(value);
}

std::string secret_from(const std::filesystem::path& file, std::size_t length, Random& random,
                        const std::string& setting) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  // Exclusive: two servers that start at once must end up with one secret.
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (descriptor < 0 && errno == EEXIST) return existing(file, setting);
  if (descriptor < 0) {
    throw ConfigError(setting, file.string(),
                      "The file cannot be made: " + std::string(std::strerror(errno)) +
                          ". Name a data directory that the server may write (CONCLAVE_DATA).");
  }
  std::string secret = random.token(length);
  const std::string line = secret + "\n";
  const bool written = ::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  const bool closed = ::close(descriptor) == 0;
  if (written && closed) return secret;
  std::filesystem::remove(file, error);
  throw ConfigError(setting, file.string(), "The file cannot be written. Is the disk full?");
}

}  // namespace conclave::ops
