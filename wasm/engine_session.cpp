// The session's memory, its settings and its data set. Training and model: engine_training.cpp, engine_model.cpp.
#include "engine_session.hpp"

#include <emscripten/heap.h>
#include <unistd.h>

#include <span>
#include <utility>

#include "base/can_allocate.hpp"
#include "session_room.hpp"

namespace sortlab::wasm {
namespace {

using emscripten::val;

/// Makes all of the memory the allocator's, in one piece. It would fetch every block that it has no room for anew, and
/// not put the free end of what it has and the rest together.
void claim_memory() {
  constexpr std::size_t kAllocatorsOwn = 4096;
  const std::size_t end = emscripten_get_heap_size(), begin = reinterpret_cast<std::uintptr_t>(sbrk(0));
  if (end > begin + kAllocatorsOwn) can_allocate(end - begin - kAllocatorsOwn);
}

}  // namespace

EngineSession::EngineSession(int threads) : pool_(threads) { claim_memory(); }

Presets EngineSession::presets() const {
  val list = val::array();
  for (const sortlab::Preset& preset : sortlab::presets()) push(list, val(to_raw_preset(preset)));
  return Presets(list);
}

FalliblePlan EngineSession::plan(const TrainSettings& settings, int photos, int classes) const {
  const Result<TrainOptions> options = to_train_options(settings);
  if (!options.ok()) return FalliblePlan(to_error(options.status()));
  const Result<MemoryPlan> plan = Trainer::plan(*options, photos, classes, pool_.threads());
  return FalliblePlan(plan.ok() ? val(to_plan_bytes(*plan)) : to_error(plan.status()));
}

FallibleNothing EngineSession::begin_dataset(int size, const Strings& classes, int expected) {
  end_run();
  arena_ = {};  // the data set's place is chosen first
  evaluator_.reset();
  split_of_.clear();
  dataset_.reset();
  std::vector<std::string> names = emscripten::vecFromJSArray<std::string>(classes);
  const Status status = check_class_names(names);
  if (!status.ok()) return FallibleNothing(to_error(status));
  dataset_ = std::make_unique<Dataset>(size, std::move(names));
  return FallibleNothing(to_result(dataset_->reserve(expected)));
}

FallibleNothing EngineSession::add_photos(const Bytes& pixels, const Labels& labels, const Strings& hashes) {
  if (!dataset_) return FallibleNothing(to_error(no_dataset()));
  if (!make_room(length_of(pixels))) return FallibleNothing(to_error(no_room()));
  const std::vector<std::uint8_t> bytes = from_typed_array<std::uint8_t>(pixels);
  const std::vector<std::int32_t> label_list = from_typed_array<std::int32_t>(labels);
  const std::vector<std::string> hash_list = emscripten::vecFromJSArray<std::string>(hashes);
  const std::size_t photo = static_cast<std::size_t>(dataset_->size()) * static_cast<std::size_t>(dataset_->size()) * 3;
  if (bytes.size() != label_list.size() * photo || hash_list.size() != label_list.size()) {
    return FallibleNothing(to_error({StatusCode::kInvalidArgument, "Pixels, labels and hashes differ in number."}));
  }
  for (std::size_t i = 0; i < label_list.size(); ++i) {
    const Status status =
        dataset_->add(std::span(bytes).subspan(i * photo, photo), label_list[i], hash_from_text(hash_list[i]));
    if (!status.ok()) return FallibleNothing(to_error(status));
  }
  return FallibleNothing(val::undefined());
}

FallibleBytes EngineSession::photo_pixels(int index) const {
  if (!dataset_ || index < 0 || index >= dataset_->count()) return FallibleBytes(to_error(no_dataset()));
  return FallibleBytes(to_bytes(dataset_->pixels(index)));
}

bool EngineSession::make_room(std::size_t bytes) {
  if (can_allocate(bytes)) return true;
  if (trainer_) return false;
  arena_ = {};
  return can_allocate(bytes);
}

void EngineSession::end_run() {
  if (trainer_) arena_ = trainer_->release();
  trainer_.reset();
}

}  // namespace sortlab::wasm
