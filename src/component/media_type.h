#pragma once
// What clients and components call a class of sources: the mediaType of signalling.md 6.2, the keys of startMuted.
// Pure.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

#include "sfu/media.h"

namespace conclave::component {

// By sfu::SourceClass.
inline constexpr std::array<const char*, sfu::kSourceClasses> kMediaTypes{"audio", "video", "desktop"};

inline const char* media_type(sfu::SourceClass which) {
  return kMediaTypes[static_cast<std::size_t>(which)];
}

// Nothing for a word that is none of them.
inline std::optional<sfu::SourceClass> class_named(std::string_view media_type) {
  const auto found = std::ranges::find(kMediaTypes, media_type);
  if (found == kMediaTypes.end()) return std::nullopt;
  return static_cast<sfu::SourceClass>(found - kMediaTypes.begin());
}

}  // namespace conclave::component
