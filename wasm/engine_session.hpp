// What the engine module binds: one data set, at most one training run, at most one model.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/parallel.hpp"
#include "data/dataset.hpp"
#include "engine_types.hpp"
#include "train/classifier.hpp"
#include "train/trainer.hpp"

namespace sortlab::wasm {

class EngineSession {
 public:
  explicit EngineSession(int threads);

  Presets presets() const;
  FalliblePlan plan(const TrainSettings& settings, int photos, int classes) const;

  FallibleNothing begin_dataset(int size, const Strings& classes, int expected);
  /// pixels (labels, size, size, 3) bytes; hashes: 16 hexadecimal digits each.
  FallibleNothing add_photos(const Bytes& pixels, const Labels& labels, const Strings& hashes);
  FallibleBytes photo_pixels(int index) const;

  FalliblePlan begin_training(const TrainSettings& settings);
  FallibleProgress train_for(double milliseconds);
  Epochs history() const;
  Bytes split_of() const { return Bytes(to_bytes(split_of_)); }
  /// `run`: a JSON object for people, stored in the model file.
  FallibleNothing finish_training(const std::string& run);

  MaybeModelInfo model_info() const;
  Bytes weight_bytes() const;
  /// What the model and its predictions take; 0 without one.
  double model_bytes() const { return classifier_ ? static_cast<double>(classifier_->bytes()) : 0; }
  FallibleBytes save_model();
  FallibleModelInfo open_model(const Bytes& bytes);

  FallibleNothing begin_evaluation(const Indices& indices);
  FallibleNumber evaluate_for(double milliseconds);
  RawEvaluation evaluation() const;
  /// squares (count, size, size, 3) bytes.
  FallibleFloats predict(const Bytes& squares, int count);
  /// Any picture to the model's square.
  FallibleBytes to_square(const Bytes& pixels, int width, int height, int channels);

 private:
  /// Without a word where none is under way; its memory stays.
  void end_run();
  /// Moves from `model` only where it succeeds.
  Status use_model(Model& model);
  /// A model whose weights, a Uint8Array, are out of the module's memory.
  struct Away {
    Model model;
    emscripten::val weights;
  };
  std::optional<Away> take_model_out();
  /// Where it fails `away` is as it was.
  Status put_model_back(Away& away);
  Status start_training(const TrainOptions& options);
  /// Whether `bytes` can be copied in. The memory of the run before gives way where it must; that of a run under way
  /// does not.
  bool make_room(std::size_t bytes);

  ThreadPool pool_;
  std::unique_ptr<Dataset> dataset_;
  std::unique_ptr<Trainer> trainer_;
  Arena arena_;  // of the run before, for the next
  std::vector<std::uint8_t> split_of_;
  std::unique_ptr<Classifier> classifier_;
  std::optional<Evaluator> evaluator_;
};

}  // namespace sortlab::wasm
