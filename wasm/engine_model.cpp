// The session's model: where it comes from, how it is saved, what it says of photos and how good it is.
#include <algorithm>
#include <span>
#include <utility>

#include "base/can_allocate.hpp"
#include "base/sort.hpp"
#include "engine_session.hpp"
#include "image/resize.hpp"
#include "session_room.hpp"

namespace sortlab::wasm {
namespace {

using emscripten::val;

std::span<const std::uint8_t> bytes_of(const std::vector<float>& values) {
  return {reinterpret_cast<const std::uint8_t*>(values.data()), values.size() * sizeof(float)};
}

}  // namespace

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
