#include "plugins/aikido_activity_log/collector.hpp"

#include <algorithm>
#include <utility>

#include "plugins/aikido_activity_log/collector_state.hpp"
#include "plugins/aikido_activity_log/collector_texts.hpp"
#include "plugins/aikido_activity_log/progress.hpp"

namespace aikido {
namespace {

constexpr int64_t kMostDurationNs = int64_t{1} << 60;  // some 36 years; leaves sums room

CollectorSettings sane(CollectorSettings settings) {
  const auto within = [](int64_t& value, int64_t least) {
    value = std::clamp(value, least, kMostDurationNs);
  };
  within(settings.poll_interval_ns, kNsPerSecond);
  within(settings.late_check_interval_ns, kNsPerSecond);
  within(settings.late_arrival_window_ns, 0);
  within(settings.request_interval_ns, 0);
  if (settings.backfill_start_relative)
    settings.backfill_start_ns = std::clamp<int64_t>(settings.backfill_start_ns, 0, kMostNs);
  return settings;
}

}  // namespace

Collector::Collector(std::unique_ptr<State> state) : state_(std::move(state)) {}
Collector::~Collector() = default;

Result<std::unique_ptr<Collector>> Collector::make(const CollectorSettings& settings,
                                                   std::string_view checkpoint) {
  auto state = std::make_unique<State>();
  state->settings = sane(settings);
  if (checkpoint.empty()) {
    state->data.identity = settings.identity;
    state->data.client_id = settings.client_id;
    state->data.backfill_start_text = settings.backfill_start_text;
    return std::unique_ptr<Collector>(new Collector(std::move(state)));
  }
  Result<CheckpointData> data = decode(checkpoint);
  if (!data) return data.error();
  if (data->identity != settings.identity) return other_identity(data->identity, settings.identity);
  const bool replaced =
      !settings.replaces_client_id.empty() && data->client_id == settings.replaces_client_id;
  if (data->client_id != settings.client_id && !replaced)
    return other_client(data->client_id, settings.client_id);
  state->take_over(*std::move(data));
  return std::unique_ptr<Collector>(new Collector(std::move(state)));
}

bool Collector::first_run() const { return !state_->begun; }

void Collector::begin(int64_t server_now_ns) { state_->begin(sane(server_now_ns)); }

std::variant<PageRequest, Idle> Collector::next(int64_t server_now_ns) {
  return state_->next(sane(server_now_ns));
}

Result<Accepted> Collector::accept(const PageRequest& request, const Page& page,
                                   int64_t answer_time_ns) {
  return state_->accept(request, page, answer_time_ns);
}

Error Collector::failed(const PageRequest& request, Error error, int64_t server_now_ns,
                        int64_t rest_ns) {
  return state_->failed(request, std::move(error), sane(server_now_ns), rest_ns);
}

std::string Collector::checkpoint() const { return encode(state_->data); }

int64_t Collector::vouched_ns() const {
  return state_->begun ? state_->data.late_opened_ns : kNever;
}

// Never back, though a window that was too wide is read anew.
int32_t Collector::progress() const {
  int32_t& told = state_->run.told_progress;
  return told = std::max(told, backfill_progress(state_->data, state_->run.window_read_s));
}

int64_t Collector::watermark_ns() const {
  return settled_before(state_->data, state_->window_s()) * kNsPerSecond;
}

Position Collector::position() const {
  const CheckpointData& data = state_->data;
  const bool looked = data.passed_from_s < data.passed_to_s;
  Position at{.origin_s = floor_seconds(data.origin_ns),
              .backfill_s = data.backfill_s,
              .split_s = data.split_s,
              .live_s = looked ? data.passed_to_s : data.split_s,
              .remembered_ids = static_cast<int64_t>(data.live.size() + data.past.size())};
  // Before the first one it is the beginning that stands for it.
  if (data.whole_ns > kNever) at.late_s = floor_seconds(data.late_opened_ns);
  return at;
}

std::string Collector::notice() const {
  const Schedule schedule = state_->schedule(state_->data.late_started_ns);
  return health_notice(state_->settings, state_->data, state_->run, schedule.late_interval_ns());
}

std::string Collector::remark() const {
  return changed_backfill_start(state_->data, state_->settings.backfill_start_text);
}

}  // namespace aikido
