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

struct ThreadPool::State {
  std::mutex mutex;
  std::condition_variable work_ready;
  std::condition_variable work_done;
  Task task;
  int tasks = 0;
  std::atomic<int> next{0};
  int running = 0;          // workers that have not finished this generation
  unsigned generation = 0;  // counts calls of run()
  bool stop = false;
  std::vector<std::thread> workers;

  void drain(int thread) {
    for (int i = next.fetch_add(1, std::memory_order_relaxed); i < tasks;
         i = next.fetch_add(1, std::memory_order_relaxed)) {
      task.function(task.context, i, thread);
    }
  }

  void work(int thread) {
    unsigned seen = 0;
    for (;;) {
      {
        std::unique_lock lock(mutex);
        work_ready.wait(lock, [&] { return stop || generation != seen; });
        if (stop) return;
        seen = generation;
      }
      drain(thread);
      std::lock_guard lock(mutex);
      if (--running == 0) work_done.notify_one();
    }
  }
};

ThreadPool::ThreadPool(int threads) : threads_(threads < 1 ? 1 : threads), state_(std::make_unique<State>()) {
  for (int thread = 1; thread < threads_; ++thread) {
    state_->workers.emplace_back([state = state_.get(), thread] { state->work(thread); });
  }
}

ThreadPool::~ThreadPool() {
  {
    std::lock_guard lock(state_->mutex);
    state_->stop = true;
  }
  state_->work_ready.notify_all();
  for (std::thread& worker : state_->workers) worker.join();
}

void ThreadPool::run(int tasks, Task task) {
  if (threads_ == 1 || tasks == 1) {
    for (int i = 0; i < tasks; ++i) task.function(task.context, i, 0);
    return;
  }
  State& state = *state_;
  {
    std::lock_guard lock(state.mutex);
    state.task = task;
    state.tasks = tasks;
    state.next.store(0, std::memory_order_relaxed);
    state.running = threads_ - 1;
    ++state.generation;
  }
  state.work_ready.notify_all();
  state.drain(0);
  std::unique_lock lock(state.mutex);
  state.work_done.wait(lock, [&] { return state.running == 0; });
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
