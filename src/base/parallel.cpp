#include "base/parallel.hpp"

#ifdef SORTLAB_THREADS
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>
#endif

namespace sortlab {

#ifdef SORTLAB_THREADS

namespace {

/// Looks before a waiting thread goes to sleep: some 50 microseconds. Waking a sleeping thread takes about as long in a
/// browser as one layer of a small network, so that threads which slept between layers would hardly help each other.
constexpr int kLooks = 30000;

template <typename Ready>
bool look_for(Ready&& ready) {
  for (int i = 0; i < kLooks; ++i) {
    if (ready()) return true;
  }
  return false;
}

}  // namespace

struct ThreadPool::State {
  Task task;
  int tasks = 0;
  std::atomic<int> next{0};
  std::atomic<int> running{0};          // workers that have not finished this generation
  std::atomic<unsigned> generation{0};  // counts calls of run()
  std::atomic<bool> stop{false};

  // For those who sleep. A sleeper says so before its last look, under the mutex; who has work for it looks whether
  // anybody sleeps after having written what the sleeper looks for.
  std::mutex mutex;
  std::condition_variable work_ready, work_done;
  std::atomic<int> sleeping_workers{0};
  std::atomic<bool> caller_sleeps{false};
  std::vector<std::thread> workers;

  void drain(int thread) {
    for (int i = next.fetch_add(1, std::memory_order_relaxed); i < tasks;
         i = next.fetch_add(1, std::memory_order_relaxed)) {
      task.function(task.context, i, thread);
    }
  }

  void wait_for_work(unsigned seen) {
    const auto ready = [&] { return generation.load() != seen || stop.load(); };
    if (look_for(ready)) return;
    std::unique_lock lock(mutex);
    ++sleeping_workers;
    work_ready.wait(lock, ready);
    --sleeping_workers;
  }

  void wake_workers() {
    if (sleeping_workers.load() == 0) return;
    std::lock_guard lock(mutex);
    work_ready.notify_all();
  }

  void work(int thread) {
    for (unsigned seen = 0;; ++seen) {
      wait_for_work(seen);
      if (stop.load()) return;
      drain(thread);
      if (running.fetch_sub(1) == 1 && caller_sleeps.load()) {
        std::lock_guard lock(mutex);
        work_done.notify_one();
      }
    }
  }

  void wait_for_workers() {
    const auto done = [&] { return running.load() == 0; };
    if (look_for(done)) return;
    std::unique_lock lock(mutex);
    caller_sleeps.store(true);
    work_done.wait(lock, done);
    caller_sleeps.store(false);
  }
};

ThreadPool::ThreadPool(int threads) : threads_(threads < 1 ? 1 : threads), state_(std::make_unique<State>()) {
  for (int thread = 1; thread < threads_; ++thread) {
    state_->workers.emplace_back([state = state_.get(), thread] { state->work(thread); });
  }
}

ThreadPool::~ThreadPool() {
  state_->stop.store(true);
  state_->wake_workers();
  for (std::thread& worker : state_->workers) worker.join();
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
  state.generation.fetch_add(1);
  state.wake_workers();
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
