#include "base/markup.h"

namespace conclave {
namespace {

// As references also what a parser turns into something else: blanks into spaces inside attributes, "\r" into "\n"
// everywhere. Empty for what is written as it is.
std::string_view reference_for(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\t':
      return "&#9;";
    case '\n':
      return "&#10;";
    case '\r':
      return "&#13;";
    default:
      return {};
  }
}

// How many bytes at the front are a character outside XML 1.0's Char (§2.2): 0 if what stands there may be written.
//   C0 but tab and line ends   00..1F
//   surrogates                 ED A0..BF xx
//   U+FFFE, U+FFFF             EF BF BE..BF
std::size_t forbidden(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x20) return reference_for(text[0]).empty() ? 1 : 0;
  if (byte(0) < 0xED || text.size() < 3) return 0;
  if (byte(0) == 0xED && byte(1) >= 0xA0) return 3;
  return byte(0) == 0xEF && byte(1) == 0xBF && byte(2) >= 0xBE ? 3 : 0;
}

template <class Take>
void each_written(std::string_view text, Take take) {
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t left_out = forbidden(text.substr(i)); left_out > 0) {
      i += left_out;
      continue;
    }
    const std::string_view reference = reference_for(text[i]);
    take(reference.empty() ? text.substr(i, 1) : reference);
    ++i;
  }
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
  each_written(text, [&out](std::string_view written) { out += written; });
}

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

std::size_t escaped_size(std::string_view text) {
  std::size_t size = 0;
  each_written(text, [&size](std::string_view written) { size += written.size(); });
  return size;
}

bool is_xml_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (forbidden(text.substr(i)) > 0) return false;
  }
  return true;
}

}  // namespace conclave
