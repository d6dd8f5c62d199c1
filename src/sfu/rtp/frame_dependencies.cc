#include "sfu/rtp/frame_dependencies.h"

#include <algorithm>

#include "sfu/rtp/bits.h"

namespace conclave::rtp {
namespace {

constexpr std::size_t kShortBytes = 3;
constexpr std::size_t kFlagsAt = 24;      // bits
constexpr std::size_t kStructureAt = 29;  // behind the five flags

std::uint64_t read_indications(BitReader& reader, std::size_t targets) {
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < targets; ++i) result |= std::uint64_t{reader.bits(2)} << (2 * i);
  return result;
}

// A list in which each entry says whether another follows.
bool read_template_references(BitReader& reader, FrameReferences& references) {
  while (reader.flag()) {
    if (references.count == kMaxFrameReferences) return false;
    references.back[references.count++] = static_cast<std::uint16_t>(reader.bits(4) + 1);
  }
  return reader.ok();
}

bool read_custom_references(BitReader& reader, FrameReferences& references) {
  references = {};
  while (const std::uint32_t size = reader.bits(2)) {
    if (references.count == kMaxFrameReferences) return false;
    references.back[references.count++] = static_cast<std::uint16_t>(reader.bits(4 * size) + 1);
  }
  return reader.ok();
}

// Templates stand in the order of their layers: the same, the next temporal, the next spatial one, or no more.
bool read_layers(BitReader& reader, DependencyStructure& s) {
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  for (;;) {
    if (s.template_count == kMaxTemplates || spatial >= kMaxStructureLayers || temporal >= 8) return false;
    s.templates[s.template_count++] = {.spatial = spatial, .temporal = temporal, .references = {}};
    switch (reader.bits(2)) {
      case 0: break;
      case 1: ++temporal; break;
      case 2: temporal = 0, ++spatial; break;
      default: return reader.ok();
    }
    if (!reader.ok()) return false;
  }
}

// The protection by chains is not needed here, but stands in the way.
bool skip_chains(BitReader& reader, DependencyStructure& s) {
  s.chain_count = static_cast<std::uint8_t>(reader.below(s.target_count + 1u));
  if (s.chain_count == 0) return reader.ok();
  for (std::size_t i = 0; i < s.target_count; ++i) (void)reader.below(s.chain_count);
  for (std::size_t i = 0; i < std::size_t{s.template_count} * s.chain_count && reader.ok(); ++i) (void)reader.bits(4);
  return reader.ok();
}

void find_target_layers(DependencyStructure& s) {
  for (std::size_t target = 0; target < s.target_count; ++target) {
    s.targets[target] = {};
    for (std::size_t i = 0; i < s.template_count; ++i) {
      const auto& of = s.templates[i];
      if ((of.indications >> (2 * target) & 3) == 0) continue;
      s.targets[target].spatial = std::max(s.targets[target].spatial, of.spatial);
      s.targets[target].temporal = std::max(s.targets[target].temporal, of.temporal);
    }
  }
}

bool read_structure(BitReader& reader, DependencyStructure& s) {
  s.offset = static_cast<std::uint8_t>(reader.bits(6));
  s.target_count = static_cast<std::uint8_t>(reader.bits(5) + 1);
  if (!read_layers(reader, s)) return false;
  for (std::size_t i = 0; i < s.template_count; ++i) s.templates[i].indications = read_indications(reader, s.target_count);
  for (std::size_t i = 0; i < s.template_count; ++i) {
    if (!read_template_references(reader, s.templates[i].references)) return false;
  }
  if (!skip_chains(reader, s)) return false;
  find_target_layers(s);
  if (reader.flag()) {
    const std::size_t layers = s.templates[s.template_count - 1u].spatial + 1u;
    for (std::size_t i = 0; i < layers; ++i) {
      const std::uint32_t width = reader.bits(16) + 1;
      s.heights[i] = static_cast<std::uint16_t>(std::min({width, reader.bits(16) + 1, 65535u}));
    }
  }
  s.active = static_cast<std::uint32_t>((std::uint64_t{1} << s.target_count) - 1);
  return reader.ok();
}

}  // namespace

std::optional<FrameDependencies> FrameDependencies::parse(Bytes data, std::optional<DependencyStructure>& structure) {
  if (data.size() < kShortBytes) return std::nullopt;
  BitReader reader(data);
  FrameDependencies d;
  d.begins_frame = reader.flag();
  d.ends_frame = reader.flag();
  const std::uint32_t id = reader.bits(6);
  d.number = static_cast<std::uint16_t>(reader.bits(16));
  bool custom_indications = false;
  bool custom_references = false;
  std::optional<DependencyStructure> fresh;
  std::uint32_t active = 0;
  if (data.size() > kShortBytes) {
    d.carries_structure = reader.flag();
    d.carries_active = reader.flag();
    custom_indications = reader.flag();
    custom_references = reader.flag();
    (void)reader.flag();  // chains stand last
    if (d.carries_structure && !read_structure(reader, fresh.emplace())) return std::nullopt;
    d.active_at = static_cast<std::uint16_t>(reader.position());
  }
  const DependencyStructure* s = fresh ? &*fresh : structure ? &*structure : nullptr;
  if (s == nullptr) return std::nullopt;
  if (d.carries_active) active = reader.bits(s->target_count);
  const std::uint32_t index = (id + 64 - s->offset) % 64;
  if (index >= s->template_count) return std::nullopt;
  const DependencyStructure::Template& of = s->templates[index];
  d.spatial = of.spatial;
  d.temporal = of.temporal;
  d.indications = custom_indications ? read_indications(reader, s->target_count) : of.indications;
  d.references = of.references;
  if (custom_references && !read_custom_references(reader, d.references)) return std::nullopt;
  if (!reader.ok()) return std::nullopt;
  if (fresh) structure = fresh;
  if (d.carries_active) structure->active = active;
  return d;
}

Bytes rewrite_descriptor(Bytes descriptor, const DescriptorChange& change, std::span<std::byte> buffer) {
  if (descriptor.size() < kShortBytes || descriptor.size() > buffer.size()) return descriptor;
  const bool short_form = descriptor.size() == kShortBytes;
  if (change.targets == 0 && (short_form || (descriptor[kShortBytes] & std::byte{0x80}) == std::byte{})) {  // nearly all packets
    std::copy(descriptor.begin(), descriptor.end(), buffer.begin());
    const auto first = std::to_integer<unsigned>(descriptor[0]);
    buffer[0] = static_cast<std::byte>((first & 0xc0) | ((first + change.template_shift) & 0x3f));
    buffer[1] = static_cast<std::byte>(change.number >> 8);
    buffer[2] = static_cast<std::byte>(change.number & 0xff);
    return buffer.first(descriptor.size());
  }
  BitReader reader(descriptor);
  BitWriter writer(buffer);
  writer.bits(reader.bits(2), 2);
  writer.bits((reader.bits(6) + change.template_shift) % 64, 6);
  (void)reader.bits(16);
  writer.bits(change.number, 16);
  const std::uint32_t flags = short_form ? 0 : reader.bits(5);
  const bool has_structure = (flags & 0x10) != 0;
  const bool has_active = (flags & 0x08) != 0;
  const std::size_t active_at = short_form ? kStructureAt : change.active_at;
  if (!short_form || change.targets != 0) writer.bits(flags | (change.targets != 0 ? 0x08u : 0u), kStructureAt - kFlagsAt);
  if (has_structure) writer.bits((reader.bits(6) + change.template_shift) % 64, 6);
  if (change.targets != 0) {
    while (reader.position() < active_at && reader.ok() && !short_form) writer.bits(reader.bits(1), 1);
    if (has_active) (void)reader.bits(change.targets);
    writer.bits(change.active, change.targets);
  }
  while (!short_form && reader.left() > 0) writer.bits(reader.bits(1), 1);
  return writer.ok() && reader.ok() ? writer.written() : descriptor;
}

}  // namespace conclave::rtp
