// The session's training runs, and the memory that they leave to one another.
#include <utility>

#include "base/can_allocate.hpp"
#include "engine_session.hpp"
#include "session_room.hpp"

namespace sortlab::wasm {

using emscripten::val;

FalliblePlan EngineSession::begin_training(const TrainSettings& settings) {
  if (!dataset_) return FalliblePlan(to_error(no_dataset()));
  end_run();
  evaluator_.reset();
  const Result<TrainOptions> options = to_train_options(settings);
  if (!options.ok()) return FalliblePlan(to_error(options.status()));
  const Result<MemoryPlan> plan =
      Trainer::plan(*options, dataset_->count(), static_cast<int>(dataset_->classes().size()), pool_.threads());
  if (!plan.ok()) return FalliblePlan(to_error(plan.status()));
  // A run that needs a new place finds it first, and the model its own in what is left.
  std::optional<Away> model;
  if (plan->arena() != arena_.bytes()) {
    arena_ = {};
    model = take_model_out();
  }
  Status status = start_training(*options);
  if (model) {
    if (const Status back = put_model_back(*model); !back.ok()) {
      trainer_.reset();  // and its memory
      const Status again = put_model_back(*model);
      status = again.ok() ? back : again;
    }
  }
  if (!status.ok()) return FalliblePlan(to_error(status));
  split_of_.assign(static_cast<std::size_t>(dataset_->count()), 0);
  for (std::uint32_t index : trainer_->split().validation) split_of_[index] = 1;
  for (std::uint32_t index : trainer_->split().test) split_of_[index] = 2;
  return FalliblePlan(val(to_plan_bytes(trainer_->memory_plan())));
}

Status EngineSession::start_training(const TrainOptions& options) {
  Result<std::unique_ptr<Trainer>> trainer = Trainer::create(options, *dataset_, pool_, std::exchange(arena_, {}));
  if (!trainer.ok()) return trainer.status();
  // Besides the plan: the split, the order of an epoch, its history, and what a question meanwhile takes.
  if (!can_allocate(kReserve + kBytesPerPhoto * static_cast<std::size_t>(dataset_->count()))) return no_room();
  trainer_ = std::move(*trainer);
  return {};
}

FallibleProgress EngineSession::train_for(double milliseconds) {
  if (!trainer_) return FallibleProgress(to_error({StatusCode::kInvalidArgument, "No training is under way."}));
  const Status status = trainer_->train_for(milliseconds);
  if (!status.ok()) end_run();
  return FallibleProgress(status.ok() ? val(to_raw_progress(trainer_->progress())) : to_error(status));
}

Epochs EngineSession::history() const {
  val list = val::array();
  if (trainer_) {
    for (const EpochResult& epoch : trainer_->history()) push(list, val(to_raw_epoch(epoch)));
  }
  return Epochs(list);
}

FallibleNothing EngineSession::finish_training(const std::string& run) {
  if (!trainer_) return FallibleNothing(to_error({StatusCode::kInvalidArgument, "No training is under way."}));
  Model model = trainer_->finish();
  end_run();
  if (!run.empty()) {
    val training = parse_json(model.training_json);
    set(training, "run", parse_json(run));
    model.training_json = val::global("JSON").call<std::string>("stringify", training);
  }
  // It predicts in the room of the model before. Where that is not enough, the run's own is there, which is over.
  evaluator_.reset();
  classifier_.reset();
  Status status = use_model(model);
  if (status.code() == StatusCode::kOutOfMemory) {
    arena_ = {};
    status = use_model(model);
  }
  return FallibleNothing(to_result(status));
}

}  // namespace sortlab::wasm
