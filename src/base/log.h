#pragma once
// Structured log lines: a message that never changes, and fields. Secrets are never passed in.
// Thread-safe; may be called from any loop, but never on the packet path (counters only there).
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace conclave::log {

enum class Level { Debug, Info, Warning, Error, Off };

struct Field {
  Field(std::string_view field_name, std::string_view field_value) : name(field_name), value(field_value) {}
  Field(std::string_view field_name, const char* field_value) : name(field_name), value(field_value) {}
  Field(std::string_view field_name, const std::string& field_value) : name(field_name), value(field_value) {}
  Field(std::string_view field_name, std::uint64_t field_value) : name(field_name), value(std::to_string(field_value)) {}
  Field(std::string_view field_name, int field_value) : name(field_name), value(std::to_string(field_value)) {}

  std::string name;
  std::string value;
};

void set_level(Level level);
bool enabled(Level level);
void flush();

void write(Level level, std::string_view message, std::initializer_list<Field> fields);

inline void debug(std::string_view message, std::initializer_list<Field> fields = {}) {
  if (enabled(Level::Debug)) write(Level::Debug, message, fields);
}
inline void info(std::string_view message, std::initializer_list<Field> fields = {}) { write(Level::Info, message, fields); }
inline void warning(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::Warning, message, fields);
}
inline void error(std::string_view message, std::initializer_list<Field> fields = {}) {
  write(Level::Error, message, fields);
}

}  // namespace conclave::log
