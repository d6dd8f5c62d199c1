#include "access/room_name.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include <algorithm>
#include <optional>

namespace conclave::access {
namespace {

constexpr std::string_view kReservedNames[] = {"focus",     "config.js",          "xmpp-websocket",
                                               "http-bind", "conference-request", "metrics"};
// The prefix of health-check rooms made Prosody's modules skip their gates (access.md D14); here nobody may have it.
constexpr std::string_view kReservedPrefixes[] = {"lobby.", "__jicofo-health-check"};

// Delimiters of URLs and JIDs (RFC 3986 §2.2, RFC 7622 §3.3.1), so that a name means the same in both; brackets are the
// tenant's. A percent sign that is left after decoding would be decoded again by somebody else.
constexpr std::string_view kForbidden = "/\\[]%@:<>\"&'?#";

// What the stock client's encodeURIComponent leaves alone, without the apostrophe.
constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*()";

std::optional<unsigned> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
  return std::nullopt;
}

std::optional<std::string> percent_decoded_once(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_digit(text[i + 1]);
    const auto low = hex_digit(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

std::optional<std::u16string> utf16(std::string_view text) {
  std::u16string out(text.size() + 1, u'\0');
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, text.data(),
                static_cast<std::int32_t>(text.size()), &status);
  if (U_FAILURE(status)) return std::nullopt;
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::optional<std::string> utf8(const std::u16string& text) {
  std::string out(text.size() * 3 + 1, '\0');
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  u_strToUTF8(out.data(), static_cast<std::int32_t>(out.size()), &length, text.data(),
              static_cast<std::int32_t>(text.size()), &status);
  if (U_FAILURE(status)) return std::nullopt;
  out.resize(static_cast<std::size_t>(length));
  return out;
}

// NFKC makes at most 18 code units of one.
constexpr std::size_t kMaxGrowth = 18;

std::optional<std::u16string> nfkc(const std::u16string& text) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* normalizer = unorm2_getNFKCInstance(&status);
  if (U_FAILURE(status)) return std::nullopt;
  std::u16string out(text.size() * kMaxGrowth + 1, u'\0');
  const std::int32_t length = unorm2_normalize(normalizer, text.data(), static_cast<std::int32_t>(text.size()),
                                               out.data(), static_cast<std::int32_t>(out.size()), &status);
  if (U_FAILURE(status)) return std::nullopt;
  out.resize(static_cast<std::size_t>(length));
  return out;
}

std::optional<std::u16string> lower_case(const std::u16string& text) {
  std::u16string out(text.size() * 3 + 1, u'\0');
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t length = u_strToLower(out.data(), static_cast<std::int32_t>(out.size()), text.data(),
                                           static_cast<std::int32_t>(text.size()), "", &status);
  if (U_FAILURE(status)) return std::nullopt;
  out.resize(static_cast<std::size_t>(length));
  return out;
}

bool allowed(UChar32 c) {
  if (c < 0x80) return c >= 0x20 && c != 0x7f && kForbidden.find(static_cast<char>(c)) == std::string_view::npos;
  if (u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT)) return false;
  switch (u_charType(c)) {
    case U_UNASSIGNED:  // NFKC of a later Unicode may change it
    case U_CONTROL_CHAR:
    case U_FORMAT_CHAR:  // among them all bidi controls
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_PRIVATE_USE_CHAR:
    case U_SURROGATE:
      return false;
    default:
      return true;
  }
}

bool all_allowed(const std::u16string& text) {
  for (std::size_t i = 0; i < text.size();) {
    UChar32 c = 0;
    U16_NEXT(text.data(), i, text.size(), c);
    if (!allowed(c)) return false;
  }
  return true;
}

bool reserved(std::string_view name) {
  // "." and "..": a browser takes them out of the path before it asks.
  return name == "." || name == ".." || std::ranges::find(kReservedNames, name) != std::end(kReservedNames) ||
         std::ranges::any_of(kReservedPrefixes, [&](std::string_view prefix) { return name.starts_with(prefix); });
}

// Canonical form of text that holds no percent escapes any more.
Result<std::string, NameError> folded(const std::string& raw, std::size_t max_bytes) {
  const auto wide = utf16(raw);
  if (!wide) return failure(NameError::Encoding);
  const auto composed = nfkc(*wide);
  const auto lowered = composed ? lower_case(*composed) : std::nullopt;
  // Lower-casing can leave what NFKC composes (U+0130 gives i and a combining dot).
  const auto canonical = lowered ? nfkc(*lowered) : std::nullopt;
  if (!canonical) return failure(NameError::Encoding);
  if (!all_allowed(*canonical)) return failure(NameError::Forbidden);
  auto text = utf8(*canonical);
  if (!text) return failure(NameError::Encoding);
  if (text->empty()) return failure(NameError::Empty);
  if (text->front() == ' ' || text->back() == ' ') return failure(NameError::Forbidden);
  if (text->size() > max_bytes) return failure(NameError::TooLong);
  return *std::move(text);
}

}  // namespace

std::string_view name_error_slug(NameError error) {
  switch (error) {
    case NameError::Empty:
      return "name-empty";
    case NameError::Encoding:
      return "name-encoding";
    case NameError::Forbidden:
      return "name-forbidden-character";
    case NameError::TooLong:
      return "name-too-long";
    case NameError::Reserved:
      return "name-reserved";
  }
  return "name-forbidden-character";
}

std::string_view name_error_sentence(NameError error) {
  switch (error) {
    case NameError::Empty:
      return "The room has no name.";
    case NameError::Encoding:
      return "The room's name is not valid text.";
    case NameError::Forbidden:
      return "The room's name holds a character that names may not have.";
    case NameError::TooLong:
      return "The room's name is too long.";
    case NameError::Reserved:
      return "The server keeps this room name for itself.";
  }
  return "";
}

RoomName RoomName::breakout(std::string id) const {
  RoomName room = main();
  room.breakout_id_ = std::move(id);
  return room;
}

std::string RoomName::key() const {
  const std::string key = tenant_.empty() ? name_ : "[" + tenant_ + "]" + name_;
  // A name holds no such sign.
  return is_breakout() ? key + "#" + breakout_id_ : key;
}

std::string RoomName::node() const {
  if (is_breakout()) return breakout_id_;
  const std::string name = percent_encoded(name_);
  return tenant_.empty() ? name : "[" + percent_encoded(tenant_) + "]" + name;
}

std::string RoomName::path() const {
  const std::string name = percent_encoded(name_);
  return tenant_.empty() ? name : percent_encoded(tenant_) + "/" + name;
}

Result<std::string, NameError> canonical_part(std::string_view text, std::size_t max_bytes) {
  if (text.empty()) return failure(NameError::Empty);
  // Three characters a byte is what percent-encoding costs; anything longer cannot become short enough.
  if (text.size() > max_bytes * 3) return failure(NameError::TooLong);
  const auto raw = percent_decoded_once(text);
  if (!raw) return failure(NameError::Encoding);
  return folded(*raw, max_bytes);
}

Result<std::string, NameError> canonical_tenant(std::string_view text) {
  auto tenant = canonical_part(text, kMaxTenantBytes);
  if (tenant) std::ranges::replace(*tenant, '.', '_');
  return tenant;
}

Result<RoomName, NameError> canonical_room(std::string_view text, std::string_view tenant) {
  std::string its_tenant;
  if (!tenant.empty()) {
    auto part = canonical_tenant(tenant);
    if (!part) return failure(part.error());
    its_tenant = *std::move(part);
  }
  auto name = canonical_part(text, kMaxRoomNameBytes);
  if (!name) return failure(name.error());
  if (reserved(*name)) return failure(NameError::Reserved);
  return RoomName(std::move(its_tenant), *std::move(name));
}

Result<RoomName, NameError> room_from_node(std::string_view node, std::string_view tenant) {
  if (!node.starts_with('[')) return canonical_room(node, tenant);
  const std::size_t end = node.find(']');
  if (end == std::string_view::npos || !tenant.empty()) return failure(NameError::Forbidden);
  const std::string_view inner = node.substr(1, end - 1);
  if (inner.empty()) return failure(NameError::Empty);
  return canonical_room(node.substr(end + 1), inner);
}

Result<RoomName, NameError> room_in_link(std::string_view text, std::string_view tenant) {
  while (text.starts_with('/')) text.remove_prefix(1);
  while (tenant.starts_with('/')) tenant.remove_prefix(1);
  if (text.starts_with('[')) return room_from_node(text, tenant);
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return canonical_room(text, tenant);
  const std::string_view in_link = text.substr(0, slash);
  if (!tenant.empty() && tenant != in_link) return failure(NameError::Forbidden);
  return canonical_room(text.substr(slash + 1), in_link);
}

}  // namespace conclave::access
