#include "ldap/placeholders.h"

namespace conclave::ldap {
namespace {

constexpr std::string_view kLetters = "uUdsrD123456789%";

std::string_view local_part(std::string_view user) {
  return user.substr(0, user.find('@'));
}

std::string_view domain_of(const Insertions& insertions) {
  const std::size_t at = insertions.user.find('@');
  return at == std::string_view::npos ? insertions.realm : insertions.user.substr(at + 1);
}

// Part 1 is the rightmost one; empty if there are fewer.
std::string_view domain_part(std::string_view domain, int number) {
  for (int part = 1;; ++part) {
    const std::size_t dot = domain.rfind('.');
    if (part == number) return dot == std::string_view::npos ? domain : domain.substr(dot + 1);
    if (dot == std::string_view::npos) return {};
    domain = domain.substr(0, dot);
  }
}

std::string_view value_of(char letter, const Insertions& insertions) {
  switch (letter) {
    case 'u':
      return insertions.user;
    case 'U':
      return local_part(insertions.user);
    case 'd':
      return domain_of(insertions);
    case 's':
      return insertions.service;
    case 'r':
      return insertions.realm;
    case 'D':
      return insertions.dn;
    default:
      return domain_part(domain_of(insertions), letter - '0');
  }
}

std::string expand(std::string_view pattern, const Insertions& insertions, std::string (*escape)(std::string_view)) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool placeholder = pattern[i] == '%' && i + 1 < pattern.size();
    if (!placeholder) {
      text += pattern[i];
      continue;
    }
    const char letter = pattern[++i];
    text += letter == '%' ? "%" : escape(value_of(letter, insertions));
  }
  return text;
}

void append_hex(std::string& text, unsigned char byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  text += '\\';
  text += kDigits[byte >> 4];
  text += kDigits[byte & 15];
}

}  // namespace

std::string filter_value(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '*' || c == '(' || c == ')' || c == '\\') {
      append_hex(escaped, byte);
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string dn_value(std::string_view text) {
  constexpr std::string_view kSpecial = "\"+,;<>\\=";
  std::string escaped;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool at_edge = i == 0 || i + 1 == text.size();
    if (byte < 0x20 || byte == 0x7f || (text[i] == ' ' && at_edge) || (text[i] == '#' && i == 0)) {
      append_hex(escaped, byte);
    } else {
      if (kSpecial.find(text[i]) != std::string_view::npos) escaped += '\\';
      escaped += text[i];
    }
  }
  return escaped;
}

std::string expand_filter(std::string_view pattern, const Insertions& insertions) {
  return expand(pattern, insertions, filter_value);
}

std::string expand_dn(std::string_view pattern, const Insertions& insertions) {
  return expand(pattern, insertions, dn_value);
}

std::optional<std::string> unknown_placeholder(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    ++i;
    if (i == pattern.size() || kLetters.find(pattern[i]) == std::string_view::npos)
      return std::string(pattern.substr(i - 1, 2));
  }
  return std::nullopt;
}

bool uses_placeholder(std::string_view pattern, char letter) {
  for (std::size_t i = 0; i + 1 < pattern.size(); ++i) {
    if (pattern[i] != '%') continue;
    if (pattern[++i] == letter) return true;
  }
  return false;
}

std::string with_brackets(std::string_view filter) {
  return filter.starts_with('(') ? std::string(filter) : "(" + std::string(filter) + ")";
}

}  // namespace conclave::ldap
