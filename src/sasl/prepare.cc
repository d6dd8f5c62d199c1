#include "sasl/prepare.h"

#include <unicode/locid.h>
#include <unicode/unistr.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <memory>

namespace conclave::sasl {
namespace {

// RFC 7622 §3.3.1, and the space.
constexpr std::u16string_view kNotInNames = u" \"&'/:<>@";

std::optional<std::u16string> utf16(std::string_view text) {
  std::u16string wide(text.size(), u'\0');  // UTF-16 never has more units than UTF-8 has bytes
  int32_t length = 0;
  UErrorCode error = U_ZERO_ERROR;
  u_strFromUTF8(wide.data(), static_cast<int32_t>(wide.size()), &length, text.data(), static_cast<int32_t>(text.size()),
                &error);
  if (U_FAILURE(error)) return std::nullopt;
  wide.resize(static_cast<std::size_t>(length));
  return wide;
}

std::string utf8(std::u16string_view wide) {
  std::string text;
  icu::UnicodeString(false, wide.data(), static_cast<int32_t>(wide.size())).toUTF8String(text);
  return text;
}

// Code points that Unicode 3.2 did not know pass (RFC 3454 §7, a "query"): people have emoji in their passwords, and
// what is stored and what is typed go the same way.
std::optional<std::u16string> saslprep(std::u16string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UStringPrepProfile, decltype(&usprep_close)> profile(
      usprep_openByType(USPREP_RFC4013_SASLPREP, &error), &usprep_close);
  if (U_FAILURE(error)) return std::nullopt;
  // NFKC makes one unit into eighteen at most (Unicode's own bound).
  std::u16string prepared(text.size() * 18 + 1, u'\0');
  const int32_t length =
      usprep_prepare(profile.get(), text.data(), static_cast<int32_t>(text.size()), prepared.data(),
                     static_cast<int32_t>(prepared.size()), USPREP_ALLOW_UNASSIGNED, nullptr, &error);
  if (U_FAILURE(error)) return std::nullopt;
  prepared.resize(static_cast<std::size_t>(length));
  return prepared;
}

std::u16string lower_case(std::u16string_view text) {
  icu::UnicodeString lower(text.data(), static_cast<int32_t>(text.size()));
  lower.toLower(icu::Locale::getRoot());
  return {lower.getBuffer(), static_cast<std::size_t>(lower.length())};
}

std::optional<std::u16string> prepared(std::string_view text, std::size_t most) {
  if (text.empty() || text.size() > most) return std::nullopt;
  const auto wide = utf16(text);
  if (!wide) return std::nullopt;
  return saslprep(*wide);
}

}  // namespace

std::optional<std::string> prepare_username(std::string_view text) {
  auto name = prepared(text, kMaxUsernameBytes);
  // Lower case can undo the normal form (U+0130), hence once more.
  if (name) name = saslprep(lower_case(*name));
  if (!name || name->empty() || name->find_first_of(kNotInNames) != std::u16string::npos) return std::nullopt;
  std::string result = utf8(*name);
  if (result.size() > kMaxUsernameBytes) return std::nullopt;
  return result;
}

std::optional<std::string> prepare_password(std::string_view text) {
  const auto password = prepared(text, kMaxPasswordBytes);
  if (!password || password->empty()) return std::nullopt;
  return utf8(*password);
}

}  // namespace conclave::sasl
