// Forward only. Several small pictures are shared out over the threads, one each; a single or a large picture is cut
// into rows, operation by operation, at places that do not depend on the number of threads.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "base/parallel.hpp"
#include "nn/graph.hpp"
#include "nn/training_plan.hpp"
#include "tensor/arena.hpp"

namespace sortlab {

class InferenceNetwork {
 public:
  /// Pictures that go through together at most; longer lists are taken in pieces of this size.
  static constexpr int kMaxBatch = 8;

  /// Packs the weights (flat, in the graph's layout). They and `pool` must outlive it. kOutOfMemory is possible.
  static Result<std::unique_ptr<InferenceNetwork>> create(const Architecture& architecture, int image_size, int classes,
                                                          std::span<const float> weights, ThreadPool& pool);

  /// Writes sample `index` of the call as (size, size, 3) floats; may be called from any thread of the pool.
  using Reader = std::function<void(int index, float* picture)>;
  /// probs (count, classes).
  void predict(int count, const Reader& read, float* probs);

  /// Bytes of what create() would allocate, and of the weights.
  static Result<std::size_t> plan(const Architecture& architecture, int image_size, int classes, int threads);

  const Graph& graph() const { return graph_; }
  std::size_t bytes() const { return arena_.bytes(); }

 private:
  /// Where everything lies. Bytes. A lane is the memory of one picture on its way: values first, statistics behind;
  /// workspaces belong to threads.
  struct Layout {
    std::vector<Place> values;
    std::vector<std::size_t> statistics, prepared;  // by operation; statistics inside a lane
    int lane_count = 1;
    std::size_t lanes = 0, lane_stride = 0, workspaces = 0, workspace_stride = 0, partial = 0;
  };
  InferenceNetwork(Graph graph, Layout layout, Arena arena, std::span<const float> weights, ThreadPool& pool)
      : graph_(std::move(graph)),
        layout_(std::move(layout)),
        arena_(std::move(arena)),
        weights_(weights.data()),
        pool_(pool) {}
  static Layout lay_out(const Graph& graph, int threads, BumpPlanner& planner);
  void prepare();
  float* at(int value, int sample, int lane);
  ForwardPass pass_of(int index, int sample, int lane, int thread);
  void run_trunk(int sample, int lane);
  void run_trunk_in_rows(int sample);
  void run_head(int count);
  void run_dense(int index, int count);

  Graph graph_;
  Layout layout_;
  Arena arena_;
  const float* weights_;
  ThreadPool& pool_;
};

}  // namespace sortlab
