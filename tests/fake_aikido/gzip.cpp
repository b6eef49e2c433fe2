#include "tests/fake_aikido/gzip.hpp"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fake_aikido {
namespace {

class Deflater {
 public:
  Deflater() {
    constexpr int kGzip = 15 + 16;
    if (deflateInit2(&stream_, Z_BEST_SPEED, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
      throw std::runtime_error("zlib refuses to start");
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  void add(std::string_view text, int flush) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_.avail_in = static_cast<uInt>(text.size());
    do {
      char buffer[16384];
      stream_.next_out = reinterpret_cast<Bytef*>(buffer);
      stream_.avail_out = sizeof buffer;
      deflate(&stream_, flush);
      out_.append(buffer, sizeof buffer - stream_.avail_out);
    } while (stream_.avail_out == 0);
  }

  std::string finish() {
    add({}, Z_FINISH);
    deflateReset(&stream_);
    return std::exchange(out_, {});
  }

 private:
  z_stream stream_{};
  std::string out_;
};

}  // namespace

std::string gzip(std::string_view text) {
  // Kept: its quarter of a MiB is far more work to get and to give back than a page is to deflate.
  thread_local Deflater deflater;
  deflater.add(text, Z_NO_FLUSH);
  return deflater.finish();
}

std::string gzip_of_spaces(size_t bytes) {
  const std::string block(1 << 20, ' ');
  Deflater deflater;
  for (size_t left = bytes; left > 0; left -= std::min(left, block.size()))
    deflater.add(std::string_view(block).substr(0, left), Z_NO_FLUSH);
  return deflater.finish();
}

}  // namespace fake_aikido
