#include "engine_session.hpp"

#include <emscripten/heap.h>
#include <unistd.h>

#include <algorithm>
#include <span>
#include <utility>

#include "base/can_allocate.hpp"
#include "base/sort.hpp"
#include "image/resize.hpp"

namespace sortlab::wasm {
namespace {

using emscripten::val;

constexpr std::size_t kReserve = std::size_t{1} << 18, kBytesPerPhoto = 32;

Status no_dataset() { return {StatusCode::kInvalidArgument, "There are no photos yet; open a data set first."}; }
Status no_room() {
  return {StatusCode::kOutOfMemory, "There is not enough memory for this; use smaller pictures or a smaller model."};
}
std::span<const std::uint8_t> bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(float)};
}
std::size_t length_of(const val& typed_array) { return typed_array["length"].as<std::size_t>(); }
Status no_model() { return {StatusCode::kInvalidArgument, "There is no model yet; train one or open one first."}; }

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

Status EngineSession::use_model(Model& model) {
  Result<std::unique_ptr<Classifier>> classifier = Classifier::create(std::move(model), pool_);
  if (!classifier.ok()) return classifier.status();
  evaluator_.reset();
  classifier_ = std::move(*classifier);
  return {};
}

std::optional<EngineSession::Away> EngineSession::take_model_out() {
  if (!classifier_) return std::nullopt;
  const Model& model = classifier_->model();
  Away away{{.architecture = model.architecture,
             .classes = model.classes,
             .preprocessing = model.preprocessing,
             .tensors = model.tensors,
             .weights = {},
             .trained_on = model.trained_on,
             .training_json = model.training_json},
            weight_bytes()};
  classifier_.reset();
  return away;
}

Status EngineSession::put_model_back(Away& away) {
  std::vector<float>& weights = away.model.weights;
  const std::size_t bytes = length_of(away.weights);
  if (!can_allocate(bytes)) return no_room();
  weights.resize(bytes / sizeof(float));
  val(emscripten::typed_memory_view(bytes, reinterpret_cast<std::uint8_t*>(weights.data())))
      .call<void>("set", away.weights);
  const Status status = use_model(away.model);
  if (!status.ok()) weights = {};
  return status;
}

MaybeModelInfo EngineSession::model_info() const {
  return MaybeModelInfo(classifier_ ? to_model_info(classifier_->model()) : val::null());
}

Bytes EngineSession::weight_bytes() const {
  if (!classifier_) return Bytes(to_bytes({}));
  return Bytes(to_bytes(bytes_of(classifier_->model().weights)));
}

FallibleBytes EngineSession::save_model() {
  if (!classifier_) return FallibleBytes(to_error(no_model()));
  constexpr std::size_t kTextPerHash = 128;  // 16 digits, in JSON inside JSON, in texts that double as they grow
  if (!make_room(kReserve + kTextPerHash * classifier_->model().trained_on.size())) {
    return FallibleBytes(to_error(no_room()));
  }
  // Put together outside of the module's memory, where beside a run there may be no room for a second copy.
  const std::vector<std::uint8_t> header = write_model_header(classifier_->model());
  const std::span<const std::uint8_t> weights = bytes_of(classifier_->model().weights);
  val file = construct("Uint8Array", val(header.size() + weights.size()));
  file.call<void>("set", val(emscripten::typed_memory_view(header.size(), header.data())));
  file.call<void>("set", val(emscripten::typed_memory_view(weights.size(), weights.data())), header.size());
  return FallibleBytes(file);
}

FallibleModelInfo EngineSession::open_model(const Bytes& bytes) {
  end_run();
  arena_ = {};  // room for both models
  if (!can_allocate(2 * length_of(bytes))) return FallibleModelInfo(to_error(no_room()));
  Result<Model> model = read_model(from_typed_array<std::uint8_t>(bytes));
  if (!model.ok()) return FallibleModelInfo(to_error(model.status()));
  const Status status = use_model(*model);
  return FallibleModelInfo(status.ok() ? to_model_info(classifier_->model()) : to_error(status));
}

FallibleNothing EngineSession::begin_evaluation(const Indices& indices) {
  if (!classifier_) return FallibleNothing(to_error(no_model()));
  if (!dataset_) return FallibleNothing(to_error(no_dataset()));
  evaluator_.reset();
  const std::size_t row = classifier_->model().classes.size() * sizeof(float) + kBytesPerPhoto;
  if (!make_room(kReserve + length_of(indices) * row +
                 classifier_->model().trained_on.size() * sizeof(std::uint64_t))) {
    return FallibleNothing(to_error(no_room()));
  }
  Result<Evaluator> evaluator = Evaluator::create(*classifier_, *dataset_, from_typed_array<std::uint32_t>(indices));
  if (!evaluator.ok()) return FallibleNothing(to_error(evaluator.status()));
  evaluator_.emplace(std::move(*evaluator));
  return FallibleNothing(val::undefined());
}

FallibleNumber EngineSession::evaluate_for(double milliseconds) {
  if (!evaluator_) return FallibleNumber(to_error({StatusCode::kInvalidArgument, "No evaluation is under way."}));
  const Result<double> share = evaluator_->run_for(milliseconds);
  return FallibleNumber(share.ok() ? val(*share) : to_error(share.status()));
}

RawEvaluation EngineSession::evaluation() const {
  if (!evaluator_) return RawEvaluation(val::null());
  const Evaluation& evaluation = evaluator_->evaluation();
  std::vector<std::uint64_t> known = classifier_->model().trained_on;
  sort(known);
  int seen = 0;
  for (std::uint32_t index : evaluation.indices) {
    seen += std::binary_search(known.begin(), known.end(), dataset_->hash(static_cast<int>(index)));
  }
  return RawEvaluation(to_raw_evaluation(evaluation, seen));
}

FallibleFloats EngineSession::predict(const Bytes& squares, int count) {
  if (!classifier_) return FallibleFloats(to_error(no_model()));
  const Model& model = classifier_->model();
  if (!make_room(length_of(squares))) return FallibleFloats(to_error(no_room()));
  const std::vector<std::uint8_t> pixels = from_typed_array<std::uint8_t>(squares);
  const std::size_t size = static_cast<std::size_t>(model.preprocessing.size), picture = size * size * 3;
  if (count < 1 || pixels.size() != static_cast<std::size_t>(count) * picture) {
    return FallibleFloats(to_error({StatusCode::kInvalidArgument, "The pictures do not have the model's size."}));
  }
  std::vector<float> probs(static_cast<std::size_t>(count) * model.classes.size());
  const Status status = classifier_->predict(
      count, [&](int index) { return pixels.data() + static_cast<std::size_t>(index) * picture; }, probs.data());
  return FallibleFloats(status.ok() ? to_floats(probs) : to_error(status));
}

FallibleBytes EngineSession::to_square(const Bytes& pixels, int width, int height, int channels) {
  if (!classifier_) return FallibleBytes(to_error(no_model()));
  const Preprocessing& preprocessing = classifier_->model().preprocessing;
  const std::size_t size = static_cast<std::size_t>(preprocessing.size);
  constexpr std::size_t kSumsPerColumn = 64;  // of the resizing: taps, rows of sums
  const std::size_t columns = static_cast<std::size_t>(std::max(width, 0)) + size;
  if (!make_room(length_of(pixels) + size * size * 3 + kSumsPerColumn * columns)) {
    return FallibleBytes(to_error(no_room()));
  }
  const std::vector<std::uint8_t> source = from_typed_array<std::uint8_t>(pixels);
  if (!fits(width, height, channels, source.size())) {
    return FallibleBytes(to_error({StatusCode::kInvalidArgument, "The picture's size does not fit its bytes."}));
  }
  std::vector<std::uint8_t> square(size * size * 3);
  const Status status = resize_to_square(width, height, channels, source.data(), preprocessing, square.data());
  return FallibleBytes(status.ok() ? to_bytes(square) : to_error(status));
}

}  // namespace sortlab::wasm
