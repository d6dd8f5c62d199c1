#include "web/gzip.h"

#include <zlib.h>

#include <limits>

namespace conclave::web {

std::string gzipped(std::string_view content) {
  if (content.size() > std::numeric_limits<uInt>::max() / 2) return {};
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;  // 16: with gzip's header, as zlib.h says
  constexpr int kMemoryLevel = 8;
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow, kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK)
    return {};
  std::string out(deflateBound(&stream, static_cast<uLong>(content.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));  // zlib only reads
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool done = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return done && out.size() < content.size() ? out : std::string();
}

}  // namespace conclave::web
