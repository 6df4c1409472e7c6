#include "base/parallel.hpp"

#ifdef SORTLAB_THREADS
#include <pthread.h>

#include <atomic>
#include <cstdint>
#include <limits>
#include <vector>

#include "base/deadline.hpp"
#ifdef __EMSCRIPTEN__
#include <emscripten/threading.h>
#endif
#endif

namespace sortlab {

#ifdef SORTLAB_THREADS

namespace {

/// How long a waiting thread looks before it goes to sleep, and how often between two looks at the clock. Waking a
/// sleeping thread takes 20 to 50 microseconds in a browser, as long as a layer of a small network, so that threads
/// which slept between layers would hardly help each other.
constexpr double kLookMilliseconds = 0.2;
constexpr int kLooksAtOnce = 256;

using Word = std::atomic<std::int32_t>;

/// Sleeps while `word` is `value`, until woken; on a page's main thread, which may not sleep, it looks instead. In wasm
/// Emscripten's own call: the C++ library's way there is mutexes and condition variables, several kilobytes of them.
void sleep_while(Word& word, std::int32_t value) {
#ifdef __EMSCRIPTEN__
  emscripten_futex_wait(&word, static_cast<std::uint32_t>(value), std::numeric_limits<double>::infinity());
#else
  word.wait(value);
#endif
}

void wake_all(Word& word) {
#ifdef __EMSCRIPTEN__
  emscripten_futex_wake(&word, std::numeric_limits<int>::max());
#else
  word.notify_all();
#endif
}

template <typename Ready>
bool look_for(Ready&& ready) {
  const auto looked = [&ready] {
    for (int i = 0; i < kLooksAtOnce; ++i) {
      if (ready()) return true;
    }
    return false;
  };
  if (looked()) return true;
  const Deadline deadline = Deadline::after(kLookMilliseconds);
  while (!deadline.passed()) {
    if (looked()) return true;
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

  /// The tasks [next, end) that a thread begins with. Always the same part of them, so that a thread finds in its cache
  /// what it wrote in the run before; on a cache line of its own.
  struct alignas(64) Share {
    std::atomic<int> next{0};
    int end = 0;
  };

  explicit State(int threads) : shares(static_cast<std::size_t>(threads)) {}

  Task task;
  bool stop = false;
  std::vector<Share> shares;  // of each thread
  Word running{0};            // workers that have not finished this generation
  Word generation{0};         // counts calls of run(), and the end; publishes task, shares and stop
  // A sleeper counts itself before its last look; who has changed what it looks at counts the sleepers afterwards.
  std::atomic<int> sleeping_workers{0};
  std::atomic<bool> caller_sleeps{false};
  std::vector<Worker> workers;

  void deal(int tasks) {
    const int threads = static_cast<int>(shares.size());
    for (int thread = 0; thread < threads; ++thread) {
      const Range range = fixed_part(tasks, threads, thread);
      Share& share = shares[static_cast<std::size_t>(thread)];
      share.next.store(range.begin, std::memory_order_relaxed);
      share.end = range.end;
    }
  }

  /// The thread's own share, then what the others have left of theirs.
  void drain(int thread) {
    for (std::size_t turn = 0; turn < shares.size(); ++turn) {
      Share& share = shares[(static_cast<std::size_t>(thread) + turn) % shares.size()];
      for (int i = share.next.fetch_add(1, std::memory_order_relaxed); i < share.end;
           i = share.next.fetch_add(1, std::memory_order_relaxed)) {
        task.function(task.context, i, thread);
      }
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
    for (std::uint32_t seen = 0;; ++seen) {  // goes round after 2^32 runs, as the counter does
      wait_for_work(static_cast<std::int32_t>(seen));
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

ThreadPool::ThreadPool(int threads) : threads_(threads < 1 ? 1 : threads), state_(std::make_unique<State>(threads_)) {
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
  state.deal(tasks);
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
