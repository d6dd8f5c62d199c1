#pragma once
// Names that people choose, made fit to be shown to others (access.md A43).
#include <string>
#include <string_view>

namespace conclave::room {

// Without control, bidi and invisible formatting characters, without blanks at the ends or more than one in a row, at
// most kMaxDisplayNameBytes, cut between characters. May be empty. `text` is UTF-8, as the parser has made sure. What
// looks like markup stays: it is text, and is escaped wherever it is written. Joiners stay: scripts and emoji need
// them.
std::string clean_display_name(std::string_view text);

}  // namespace conclave::room
