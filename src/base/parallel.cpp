#include "base/parallel.hpp"

#ifdef SORTLAB_THREADS
#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <vector>
#endif

namespace sortlab {

#ifdef SORTLAB_THREADS

namespace {

/// Looks before a waiting thread goes to sleep: some 50 microseconds. Waking a sleeping thread takes about as long in a
/// browser as one layer of a small network, so that threads which slept between layers would hardly help each other.
constexpr int kLooks = 30000;

using Word = std::atomic<std::int32_t>;

/// Sleeps while `word` is `value`, until woken. In wasm the instruction itself: the C++ library's own way there is
/// mutexes and condition variables, several kilobytes of them.
void sleep_while(Word& word, std::int32_t value) {
#ifdef __EMSCRIPTEN__
  __builtin_wasm_memory_atomic_wait32(reinterpret_cast<std::int32_t*>(&word), value, -1);
#else
  word.wait(value);
#endif
}

void wake_all(Word& word) {
#ifdef __EMSCRIPTEN__
  __builtin_wasm_memory_atomic_notify(reinterpret_cast<std::int32_t*>(&word), ~0u);
#else
  word.notify_all();
#endif
}

template <typename Ready>
bool look_for(Ready&& ready) {
  for (int i = 0; i < kLooks; ++i) {
    if (ready()) return true;
  }
  return false;
}

}  // namespace

struct ThreadPool::State {
  struct Worker {
    State* state;
    int thread;
    pthread_t handle;
  };

  Task task;
  int tasks = 0;
  bool stop = false;
  std::atomic<int> next{0};
  Word running{0};     // workers that have not finished this generation
  Word generation{0};  // counts calls of run(), and the end; publishes task, tasks and stop
  // A sleeper counts itself before its last look; who has changed what it looks at counts the sleepers afterwards.
  std::atomic<int> sleeping_workers{0};
  std::atomic<bool> caller_sleeps{false};
  std::vector<Worker> workers;

  void drain(int thread) {
    for (int i = next.fetch_add(1, std::memory_order_relaxed); i < tasks;
         i = next.fetch_add(1, std::memory_order_relaxed)) {
      task.function(task.context, i, thread);
    }
  }

  void wait_for_work(std::int32_t seen) {
    if (look_for([&] { return generation.load() != seen; })) return;
    ++sleeping_workers;
    while (generation.load() == seen) sleep_while(generation, seen);
    --sleeping_workers;
  }

  void begin_generation() {
    generation.fetch_add(1);
    if (sleeping_workers.load() != 0) wake_all(generation);
  }

  void work(int thread) {
    for (std::int32_t seen = 0;; ++seen) {
      wait_for_work(seen);
      if (stop) return;
      drain(thread);
      if (running.fetch_sub(1) == 1 && caller_sleeps.load()) wake_all(running);
    }
  }

  void wait_for_workers() {
    if (look_for([&] { return running.load() == 0; })) return;
    caller_sleeps.store(true);
    for (std::int32_t left = running.load(); left != 0; left = running.load()) sleep_while(running, left);
    caller_sleeps.store(false);
  }
};

ThreadPool::ThreadPool(int threads) : threads_(threads < 1 ? 1 : threads), state_(std::make_unique<State>()) {
  std::vector<State::Worker>& workers = state_->workers;
  workers.resize(static_cast<std::size_t>(threads_ - 1));
  int started = 1;
  for (State::Worker& worker : workers) {
    worker = {state_.get(), started, {}};
    const auto work = [](void* argument) -> void* {
      const auto* self = static_cast<const State::Worker*>(argument);
      self->state->work(self->thread);
      return nullptr;
    };
    if (pthread_create(&worker.handle, nullptr, work, &worker) != 0) break;  // the system has no more
    ++started;
  }
  threads_ = started;
  workers.resize(static_cast<std::size_t>(threads_ - 1));
}

ThreadPool::~ThreadPool() {
  state_->stop = true;
  state_->begin_generation();
  for (const State::Worker& worker : state_->workers) pthread_join(worker.handle, nullptr);
}

void ThreadPool::run(int tasks, Task task) {
  if (threads_ == 1 || tasks == 1) {
    for (int i = 0; i < tasks; ++i) task.function(task.context, i, 0);
    return;
  }
  State& state = *state_;
  state.task = task;
  state.tasks = tasks;
  state.next.store(0, std::memory_order_relaxed);
  state.running.store(threads_ - 1);
  state.begin_generation();
  state.drain(0);
  state.wait_for_workers();
}

#else

struct ThreadPool::State {};

ThreadPool::ThreadPool(int) {}
ThreadPool::~ThreadPool() = default;

void ThreadPool::run(int tasks, Task task) {
  for (int i = 0; i < tasks; ++i) task.function(task.context, i, 0);
}

#endif

}  // namespace sortlab
