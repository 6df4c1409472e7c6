// The engine module: the table that says what JavaScript sees.
#include <emscripten/bind.h>

#include "engine_session.hpp"

namespace sortlab::wasm {

#define SORTLAB_ERROR " | (Error & { code: string; subject: string })"

#define SORTLAB_MODEL_INFO                                                                                  \
  "{ name: string; classes: string[]; imageSize: number; fit: 'crop' | 'squeeze'; parameterCount: number; " \
  "training: { [key: string]: unknown } }"

EMSCRIPTEN_BINDINGS(sortlab_engine_values) {
  using emscripten::register_type;
  using emscripten::value_object;
  register_type<Bytes>("Uint8Array");
  register_type<Labels>("Int32Array");
  register_type<Indices>("Uint32Array");
  register_type<Strings>("string[]");
  register_type<Presets>("Preset[]");
  register_type<Epochs>("EpochResult[]");
  register_type<FallibleNothing>("undefined" SORTLAB_ERROR);
  register_type<FallibleNumber>("number" SORTLAB_ERROR);
  register_type<FallibleBytes>("Uint8Array" SORTLAB_ERROR);
  register_type<FallibleFloats>("Float32Array" SORTLAB_ERROR);
  register_type<FalliblePlan>("MemoryPlan" SORTLAB_ERROR);
  register_type<FallibleProgress>("RawProgress" SORTLAB_ERROR);
  register_type<FallibleModelInfo>(SORTLAB_MODEL_INFO SORTLAB_ERROR);
  register_type<MaybeModelInfo>(SORTLAB_MODEL_INFO " | null");
  register_type<RawEvaluation>(
      "{ loss: number; accuracy: number; accuracyLow: number; accuracyHigh: number; perClass: ClassScore[]; "
      "macro: ClassScore; weighted: ClassScore; confusion: number[][]; indices: Uint32Array; probs: Float32Array; "
      "seenInTraining: number }");

  value_object<Preset>("Preset")
      .field("name", &Preset::name)
      .field("title", &Preset::title)
      .field("imageSize", &Preset::imageSize)
      .field("epochs", &Preset::epochs)
      .field("batchSize", &Preset::batchSize)
      .field("learningRate", &Preset::learningRate);
  value_object<TrainSettings>("TrainSettings")
      .field("preset", &TrainSettings::preset)
      .field("imageSize", &TrainSettings::imageSize)
      .field("fit", &TrainSettings::fit)
      .field("epochs", &TrainSettings::epochs)
      .field("batchSize", &TrainSettings::batchSize)
      .field("learningRate", &TrainSettings::learningRate)
      .field("trainPercent", &TrainSettings::trainPercent)
      .field("validationPercent", &TrainSettings::validationPercent)
      .field("testPercent", &TrainSettings::testPercent)
      .field("augment", &TrainSettings::augment)
      .field("seed", &TrainSettings::seed);
  value_object<PlanBytes>("MemoryPlan")
      .field("parameters", &PlanBytes::parameters)
      .field("activations", &PlanBytes::activations)
      .field("workspaces", &PlanBytes::workspaces)
      .field("dataset", &PlanBytes::dataset)
      .field("model", &PlanBytes::model)
      .field("total", &PlanBytes::total);
  value_object<RawProgress>("RawProgress")
      .field("phase", &RawProgress::phase)
      .field("epoch", &RawProgress::epoch)
      .field("step", &RawProgress::step)
      .field("stepsPerEpoch", &RawProgress::stepsPerEpoch)
      .field("trainLoss", &RawProgress::trainLoss)
      .field("trainAccuracy", &RawProgress::trainAccuracy)
      .field("imagesTrained", &RawProgress::imagesTrained)
      .field("bestEpoch", &RawProgress::bestEpoch)
      .field("rateHalvings", &RawProgress::rateHalvings)
      .field("diverged", &RawProgress::diverged);
  value_object<RawEpoch>("EpochResult")
      .field("trainLoss", &RawEpoch::trainLoss)
      .field("trainAccuracy", &RawEpoch::trainAccuracy)
      .field("validationLoss", &RawEpoch::validationLoss)
      .field("validationAccuracy", &RawEpoch::validationAccuracy)
      .field("learningRate", &RawEpoch::learningRate);
  value_object<RawScore>("ClassScore")
      .field("precision", &RawScore::precision)
      .field("recall", &RawScore::recall)
      .field("f1", &RawScore::f1)
      .field("support", &RawScore::support);
}

EMSCRIPTEN_BINDINGS(sortlab_engine) {
  emscripten::class_<EngineSession>("Engine")
      .constructor<int>()
      .function("presets", &EngineSession::presets)
      .function("plan", &EngineSession::plan)
      .function("beginDataset", &EngineSession::begin_dataset)
      .function("addPhotos", &EngineSession::add_photos)
      .function("photoPixels", &EngineSession::photo_pixels)
      .function("beginTraining", &EngineSession::begin_training)
      .function("trainFor", &EngineSession::train_for)
      .function("history", &EngineSession::history)
      .function("splitOf", &EngineSession::split_of)
      .function("finishTraining", &EngineSession::finish_training)
      .function("modelInfo", &EngineSession::model_info)
      .function("weightBytes", &EngineSession::weight_bytes)
      .function("modelBytes", &EngineSession::model_bytes)
      .function("saveModel", &EngineSession::save_model)
      .function("openModel", &EngineSession::open_model)
      .function("beginEvaluation", &EngineSession::begin_evaluation)
      .function("evaluateFor", &EngineSession::evaluate_for)
      .function("evaluation", &EngineSession::evaluation)
      .function("predict", &EngineSession::predict)
      .function("toSquare", &EngineSession::to_square);
}

}  // namespace sortlab::wasm
