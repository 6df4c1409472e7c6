// The bench module: the engine's training step, inference and matrix product on raw floats, as the benchmarks against
// other libraries need them. Built to build/bench/, never part of the page.
#include <emscripten/bind.h>

#include <algorithm>
#include <limits>
#include <memory>

#include "conversions.hpp"
#include "kernels/gemm.hpp"
#include "kernels/gemm_blocking.hpp"
#include "kernels/gemm_strassen.hpp"
#include "nn/inference_network.hpp"
#include "tensor/memory_planner.hpp"
#include "train/batch_trainer.hpp"

namespace sortlab::wasm {
namespace {

using emscripten::val;

/// Copies a Float32Array over `target`, as a library that takes tensors must.
void copy_floats(const val& array, float* target, std::size_t count) {
  val(emscripten::typed_memory_view(count, target)).call<void>("set", array);
}

class BenchTrainer {
 public:
  BenchTrainer(const std::string& architecture_json, int size, int classes, int batch, int threads)
      : pool_(threads), size_(size), batch_(batch) {
    const Result<Architecture> architecture = parse_architecture(architecture_json);
    if (!architecture.ok()) return;
    BatchTrainerOptions options;
    options.batch_size = batch;
    options.optimizer.kind = OptimizerKind::kAdam;
    Result<std::unique_ptr<BatchTrainer>> trainer = BatchTrainer::create(*architecture, size, classes, options, pool_);
    if (trainer.ok()) trainer_ = std::move(*trainer);
  }
  bool ready() const { return trainer_ != nullptr; }
  double plan_bytes() const { return static_cast<double>(trainer_->memory_plan().total()); }
  /// One step on pictures (batch, size, size, 3) and labels (batch); the loss, NaN when it diverged.
  double step(const val& pictures, const val& labels) {
    const std::size_t count =
        static_cast<std::size_t>(batch_) * static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_) * 3;
    copy_floats(pictures, trainer_->input(0), count);
    val(emscripten::typed_memory_view(static_cast<std::size_t>(batch_), trainer_->labels())).call<void>("set", labels);
    const Result<BatchResult> result = trainer_->train(batch_, 1e-3f);
    return result.ok() ? result->loss_sum / batch_ : std::numeric_limits<double>::quiet_NaN();
  }
  /// A few weights of the first layer, to see that they change.
  val some_weights() const { return to_floats(trainer_->weights().first(16)); }

 private:
  ThreadPool pool_;
  int size_, batch_;
  std::unique_ptr<BatchTrainer> trainer_;
};

class BenchClassifier {
 public:
  BenchClassifier(const std::string& architecture_json, int size, int classes, int threads)
      : pool_(threads),
        picture_size_(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 3),
        probs_(static_cast<std::size_t>(classes)) {
    const Result<Architecture> architecture = parse_architecture(architecture_json);
    if (!architecture.ok()) return;
    const Result<Graph> graph = Graph::compile(*architecture, size, classes, GraphUse::kInference);
    if (!graph.ok()) return;
    weights_.resize(graph->parameter_count());
    graph->initialise_parameters(1, weights_);
    Result<std::unique_ptr<InferenceNetwork>> network =
        InferenceNetwork::create(*architecture, size, classes, weights_, pool_);
    if (network.ok()) network_ = std::move(*network);
  }
  bool ready() const { return network_ != nullptr; }
  /// picture (size, size, 3) floats; probs (classes).
  val predict(const val& picture) {
    // One picture is read on this thread, which alone may touch a JavaScript value.
    network_->predict(1, [&](int, float* target) { copy_floats(picture, target, picture_size_); }, probs_.data());
    return to_floats(probs_);
  }

 private:
  ThreadPool pool_;
  std::size_t picture_size_;
  std::vector<float> weights_, probs_;
  std::unique_ptr<InferenceNetwork> network_;
};

/// c (n, n) = a (n, n) * b (n, n); threads share out the rows, or, of a product too small for Strassen's method, the
/// columns of c.
class BenchProduct {
 public:
  BenchProduct(int n, int threads) : pool_(threads), n_(n), strassen_(kernels::gemm_strassen_pays(n, n, n)) {
    const std::size_t count = static_cast<std::size_t>(n) * static_cast<std::size_t>(n);
    BumpPlanner planner;
    a_ = planner.add_floats(count);
    b_ = planner.add_floats(count);
    c_ = planner.add_floats(count);
    packed_ = planner.add_floats(strassen_ ? kernels::gemm_strassen_packed_size(n, n) : 0);
    const std::size_t workspace =
        strassen_ ? kernels::gemm_strassen_workspace_size(n, n) : kernels::gemm_workspace_size(n, n, n);
    for (int thread = 0; thread < pool_.threads(); ++thread) workspaces_.push_back(planner.add_floats(workspace));
    Result<Arena> arena = Arena::allocate(planner.total());
    if (arena.ok()) arena_ = std::move(*arena);
  }
  bool ready() const { return arena_.bytes() > 0; }
  /// a and b, Float32Arrays of (n, n), become the module's own, as tensors are in other libraries.
  void set_factors(const val& a, const val& b) {
    copy_floats(a, arena_.floats(a_), size());
    copy_floats(b, arena_.floats(b_), size());
  }
  /// All of c (n, n), a view of the module's memory.
  val run() {
    if (strassen_) {
      run_strassen();
    } else {
      run_plain();
    }
    return val(emscripten::typed_memory_view(size(), arena_.floats(c_)));
  }

 private:
  std::size_t size() const { return static_cast<std::size_t>(n_) * static_cast<std::size_t>(n_); }
  float* workspace(int thread) { return arena_.floats(workspaces_[static_cast<std::size_t>(thread)]); }

  void run_plain() {
    const int panel = kernels::gemm_panel_width(n_), parts = pool_.threads();
    const float *a = arena_.floats(a_), *b = arena_.floats(b_);
    float* c = arena_.floats(c_);
    pool_.parallel_for(parts, [&](int part, int thread) {
      const Range panels = fixed_part((n_ + panel - 1) / panel, parts, part);
      const int begin = panels.begin * panel, end = std::min(n_, panels.end * panel);
      kernels::gemm(n_, end - begin, n_, a, n_, b + begin, n_, c + begin, n_, {}, workspace(thread));
    });
  }

  void run_strassen() {
    const int half = n_ / 2, parts = pool_.threads();
    const int tile = kernels::gemm_tile_rows(kernels::gemm_panel_width(half)), tiles = (half + tile - 1) / tile;
    // Several for each thread, so that one that is held up may leave some to the others.
    const int tasks = parts == 1 ? 1 : 3 * parts;
    const float *a = arena_.floats(a_), *b = arena_.floats(b_);
    float *c = arena_.floats(c_), *packed = arena_.floats(packed_);
    pool_.parallel_for(parts, [&](int part, int) {
      const Range rows = fixed_part(half, parts, part);
      kernels::gemm_strassen_pack(n_, n_, b, n_, {rows.begin, rows.end}, packed);
    });
    pool_.parallel_for(tasks, [&](int task, int thread) {
      const Range rows = fixed_part(tiles, tasks, task);
      kernels::gemm_strassen_multiply(n_, n_, n_, a, n_, packed, c, n_,
                                      {rows.begin * tile, std::min(half, rows.end * tile)}, workspace(thread));
    });
  }

  ThreadPool pool_;
  int n_;
  bool strassen_;
  Arena arena_;
  std::size_t a_, b_, c_, packed_;  // places in the arena
  std::vector<std::size_t> workspaces_;
};

}  // namespace

EMSCRIPTEN_BINDINGS(sortlab_bench) {
  emscripten::function(
      "presetArchitecture", +[](const std::string& name) {
        const Preset* preset = find_preset(name);
        return std::string(preset != nullptr ? preset->json : "");
      });
  emscripten::class_<BenchTrainer>("BenchTrainer")
      .constructor<std::string, int, int, int, int>()
      .function("ready", &BenchTrainer::ready)
      .function("planBytes", &BenchTrainer::plan_bytes)
      .function("step", &BenchTrainer::step)
      .function("someWeights", &BenchTrainer::some_weights);
  emscripten::class_<BenchClassifier>("BenchClassifier")
      .constructor<std::string, int, int, int>()
      .function("ready", &BenchClassifier::ready)
      .function("predict", &BenchClassifier::predict);
  emscripten::class_<BenchProduct>("BenchProduct")
      .constructor<int, int>()
      .function("ready", &BenchProduct::ready)
      .function("setFactors", &BenchProduct::set_factors)
      .function("run", &BenchProduct::run);
}

}  // namespace sortlab::wasm
