// A fixed pool of threads that runs numbered tasks. Which thread runs a task is not fixed; what a task does is: callers
// split sums by problem size, never by thread count, and outputs only between tiles, so that threads cannot change a
// result.
#pragma once

#include <memory>
#include <type_traits>

namespace sortlab {

/// A function and its context, by pointer: starting work allocates nothing.
struct Task {
  void (*function)(void* context, int task, int thread) = nullptr;
  void* context = nullptr;
};

class ThreadPool {
 public:
  /// `threads` counts the caller: 1 starts none. Builds without threads always run on the caller.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return threads_; }

  /// Runs task 0 .. tasks-1, each once, and returns when all are done. `thread` in [0, threads()) names the scratch
  /// memory a task may use. Not re-entrant. On the main thread of a page it waits without sleeping: nothing else
  /// happens there meanwhile.
  void run(int tasks, Task task);

  /// The same for a callable `f(int task, int thread)`.
  template <typename F>
  void parallel_for(int tasks, F&& f) {
    run(tasks, {[](void* context, int task, int thread) {
                  (*static_cast<std::remove_reference_t<F>*>(context))(task, thread);
                },
                const_cast<void*>(static_cast<const void*>(&f))});
  }

 private:
  struct State;
  int threads_ = 1;
  std::unique_ptr<State> state_;
};

/// The half-open range of part `part` when `count` items are cut into `parts` nearly equal parts.
struct Range {
  int begin;
  int end;
};
constexpr Range fixed_part(int count, int parts, int part) {
  return {static_cast<int>(static_cast<long long>(count) * part / parts),
          static_cast<int>(static_cast<long long>(count) * (part + 1) / parts)};
}

}  // namespace sortlab
