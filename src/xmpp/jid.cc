#include "xmpp/jid.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <algorithm>

namespace conclave::xmpp {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_control_or_space(std::string_view text, bool space_allowed) {
  return std::any_of(text.begin(), text.end(), [&](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f || (c == ' ' && !space_allowed);
  });
}

// RFC 7622 §3.3 and §3.4 by PRECIS profiles, of which this does the parts that let two spellings of one name meet: case
// and NFC.
std::optional<std::string> prepared(std::string_view text, bool lower_case) {
  if (is_ascii(text)) {
    std::string result(text);
    if (lower_case) {
      std::transform(result.begin(), result.end(), result.begin(),
                     [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    }
    return result;
  }
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::nullopt;
  icu::UnicodeString wide =
      icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  for (std::int32_t i = 0; i < wide.length(); i = wide.moveIndex32(i, 1)) {
    const UChar32 c = wide.char32At(i);
    const auto kind = u_charType(c);
    // U+FFFD is what fromUTF8 makes of bytes that are no UTF-8. Format characters are invisible and make names that
    // only look alike.
    if (c == 0xfffd || kind == U_CONTROL_CHAR || kind == U_FORMAT_CHAR || kind == U_SURROGATE || kind == U_UNASSIGNED ||
        kind == U_LINE_SEPARATOR || kind == U_PARAGRAPH_SEPARATOR || (lower_case && kind == U_SPACE_SEPARATOR)) {
      return std::nullopt;
    }
  }
  if (lower_case) wide.toLower(icu::Locale::getRoot());
  const icu::UnicodeString normal = nfc->normalize(wide, status);
  if (U_FAILURE(status)) return std::nullopt;
  std::string result;
  normal.toUTF8String(result);
  return result;
}

bool good_length(std::string_view part) {
  return !part.empty() && part.size() <= kMaxJidPartBytes;
}

}  // namespace

std::optional<Jid> Jid::parse(std::string_view text) {
  if (text.size() > 3 * kMaxJidPartBytes + 2) return std::nullopt;
  // RFC 7622 §3.2: the first slash separates, then the first at-sign before it.
  std::string_view rest = text;
  Jid jid;
  if (const std::size_t slash = rest.find('/'); slash != std::string_view::npos) {
    const std::string_view resource = rest.substr(slash + 1);
    if (has_control_or_space(resource, true)) return std::nullopt;
    const auto good = prepared(resource, false);
    if (!good || !good_length(*good)) return std::nullopt;
    jid.resource = *good;
    rest = rest.substr(0, slash);
  }
  if (const std::size_t at = rest.find('@'); at != std::string_view::npos) {
    const std::string_view node = rest.substr(0, at);
    if (node.find_first_of("\"&':<>") != std::string_view::npos || has_control_or_space(node, false))
      return std::nullopt;
    const auto good = prepared(node, true);
    if (!good || !good_length(*good)) return std::nullopt;
    jid.node = *good;
    rest = rest.substr(at + 1);
  }
  if (rest.ends_with('.')) rest.remove_suffix(1);
  if (rest.starts_with('.') || rest.ends_with('.') || rest.find("..") != std::string_view::npos) return std::nullopt;
  if (rest.find_first_of("@\"&'<>") != std::string_view::npos || has_control_or_space(rest, false)) return std::nullopt;
  const auto good = prepared(rest, true);
  if (!good || !good_length(*good)) return std::nullopt;
  jid.domain = *good;
  return jid;
}

std::string Jid::str() const {
  std::string result;
  result.reserve(node.size() + domain.size() + resource.size() + 2);
  if (!node.empty()) (result += node) += '@';
  result += domain;
  if (!resource.empty()) (result += '/') += resource;
  return result;
}

}  // namespace conclave::xmpp
