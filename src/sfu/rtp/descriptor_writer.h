#pragma once
// For tests: dependency descriptors as a sender writes them.
#include <string_view>
#include <vector>

#include "sfu/rtp/bits.h"

namespace conclave::rtp {

class DescriptorWriter {
 public:
  struct Template {
    unsigned spatial = 0;
    unsigned temporal = 0;
    std::string_view indications;  // for each decode target: - not present, D discardable, S switch, R required
    std::vector<unsigned> back;
  };
  struct Size {
    unsigned width = 0;
    unsigned height = 0;
  };
  struct Frame {
    unsigned template_index = 0;
    unsigned number = 0;
    bool begins = true;
    bool ends = true;
    bool structure = false;
    std::vector<unsigned> custom_back = {};
  };
  DescriptorWriter(std::vector<Template> templates, unsigned targets, std::vector<Size> sizes, unsigned offset = 10)
      : templates_(std::move(templates)), targets_(targets), sizes_(std::move(sizes)), offset_(offset) {}

  std::vector<std::byte> write(const Frame& frame) const {
    std::vector<std::byte> buffer(1000);
    BitWriter writer(buffer);
    writer.bits(frame.begins ? 1 : 0, 1);
    writer.bits(frame.ends ? 1 : 0, 1);
    writer.bits((offset_ + frame.template_index) % 64, 6);
    writer.bits(frame.number & 0xffff, 16);
    const bool custom = !frame.custom_back.empty();
    if (frame.structure || custom) {
      writer.bits(frame.structure ? 1 : 0, 1);
      writer.bits(0, 2);
      writer.bits(custom ? 1 : 0, 1);
      writer.bits(0, 1);
      if (frame.structure) write_structure(writer);
      for (const unsigned back : frame.custom_back) {
        const unsigned size = back <= 16 ? 1 : back <= 256 ? 2 : 3;
        writer.bits(size, 2);
        writer.bits(back - 1, 4 * size);
      }
      if (custom) writer.bits(0, 2);
    }
    const Bytes written = writer.written();
    return {written.begin(), written.end()};
  }

 private:
  void write_structure(BitWriter& writer) const {
    writer.bits(offset_, 6);
    writer.bits(targets_ - 1, 5);
    for (std::size_t i = 0; i < templates_.size(); ++i) {
      if (i + 1 == templates_.size()) {
        writer.bits(3, 2);
      } else if (templates_[i + 1].spatial != templates_[i].spatial) {
        writer.bits(2, 2);
      } else {
        writer.bits(templates_[i + 1].temporal != templates_[i].temporal ? 1 : 0, 2);
      }
    }
    for (const Template& of : templates_) {
      for (const char c : of.indications) writer.bits(static_cast<std::uint32_t>(std::string_view("-DSR").find(c)), 2);
    }
    for (const Template& of : templates_) {
      for (const unsigned back : of.back) {
        writer.bits(1, 1);
        writer.bits(back - 1, 4);
      }
      writer.bits(0, 1);
    }
    // ns(n): no chains.
    unsigned width = 0;
    for (unsigned x = targets_ + 1; x != 0; x >>= 1) ++width;
    writer.bits(0, width - 1);
    writer.bits(sizes_.empty() ? 0 : 1, 1);
    for (const Size& size : sizes_) {
      writer.bits(size.width - 1, 16);
      writer.bits(size.height - 1, 16);
    }
  }

  std::vector<Template> templates_;
  unsigned targets_;
  std::vector<Size> sizes_;
  unsigned offset_;
};

}  // namespace conclave::rtp
