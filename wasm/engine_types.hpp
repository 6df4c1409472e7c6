// Plain values that cross to JavaScript, named as JavaScript names them, and the TypeScript names of values that have
// no C++ struct. Embind emits their declarations: they are written here and nowhere else.
#pragma once

#include <emscripten/val.h>

#include <string>

#include "conversions.hpp"
#include "metrics/report.hpp"
#include "train/classifier.hpp"
#include "train/trainer.hpp"

namespace sortlab::wasm {

struct Preset {
  std::string name, title;
  int imageSize, epochs, batchSize;
  double learningRate;
};

struct TrainSettings {
  std::string preset;
  int imageSize;
  std::string fit;
  int epochs, batchSize;
  double learningRate;
  int trainPercent, validationPercent, testPercent;
  bool augment;
  double seed;
};

/// Bytes.
struct PlanBytes {
  double parameters, activations, workspaces, dataset, model, total;
};

struct RawProgress {
  std::string phase;
  int epoch, step, stepsPerEpoch;
  double trainLoss, trainAccuracy, imagesTrained;
  int bestEpoch, rateHalvings;
  bool diverged;
};

struct RawEpoch {
  double trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate;
};

struct RawScore {
  double precision, recall, f1, support;
};

EMSCRIPTEN_DECLARE_VAL_TYPE(Bytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(Labels)
EMSCRIPTEN_DECLARE_VAL_TYPE(Indices)
EMSCRIPTEN_DECLARE_VAL_TYPE(Strings)
EMSCRIPTEN_DECLARE_VAL_TYPE(Presets)
EMSCRIPTEN_DECLARE_VAL_TYPE(Epochs)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleNothing)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleNumber)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleBytes)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleFloats)
EMSCRIPTEN_DECLARE_VAL_TYPE(FalliblePlan)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleProgress)
EMSCRIPTEN_DECLARE_VAL_TYPE(FallibleModelInfo)
EMSCRIPTEN_DECLARE_VAL_TYPE(MaybeModelInfo)
EMSCRIPTEN_DECLARE_VAL_TYPE(RawEvaluation)

PlanBytes to_plan_bytes(const MemoryPlan& plan);
RawProgress to_raw_progress(const Progress& progress);
RawEpoch to_raw_epoch(const EpochResult& epoch);
RawScore to_raw_score(const ClassScore& score);
Preset to_raw_preset(const sortlab::Preset& preset);
/// kInvalidArgument names the setting that is out of range.
Result<TrainOptions> to_train_options(const TrainSettings& settings);

/// What a model says of itself: name, classes, imageSize, fit, parameterCount, training (an object for people).
emscripten::val to_model_info(const Model& model);
/// Loss, accuracy with its interval, scores, confusion (rows are true classes), indices and probs (indices, classes).
emscripten::val to_raw_evaluation(const Evaluation& evaluation, int seen_in_training);

}  // namespace sortlab::wasm
