// Breaks batch_lifetime: every page is read into the same buffer, and earlier batches view it.
#include "tests/judge/bad_plugins/count.hpp"

namespace {

class ReusesItsBuffer : public bad_plugins::Count {
 public:
  using Count::Count;
  static std::string_view describe() {
    static const std::string text = describe_as("reuses_its_buffer");
    return text;
  }
  connector::Result<connector::Batch> next_batch(const connector::Request&) {
    connector::Batch batch = page(next_ + 10);
    size_t end = 0;
    for (connector_record& record : batch.records) {
      end += connector::view(record.data).copy(&buffer_[end], buffer_.size() - end);
      record.data.data = &buffer_[end - record.data.size];
    }
    return batch;
  }

 private:
  std::string buffer_ = std::string(4096, ' ');
};

}  // namespace

CONNECTOR_PLUGIN(ReusesItsBuffer)
