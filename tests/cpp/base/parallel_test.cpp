#include "base/parallel.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

using namespace sortlab;

TEST_CASE("every task runs once, on a thread that exists, for any count") {
  for (int threads : {1, 2, 3, 4}) {
    ThreadPool pool(threads);
    for (int tasks : {0, 1, 2, 7, 64, 1000}) {
      std::vector<int> runs(static_cast<std::size_t>(tasks), 0);
      std::vector<int> bad(static_cast<std::size_t>(tasks), 0);
      pool.parallel_for(tasks, [&](int task, int thread) {
        ++runs[static_cast<std::size_t>(task)];
        bad[static_cast<std::size_t>(task)] = thread < 0 || thread >= pool.threads();
      });
      for (int i = 0; i < tasks; ++i) {
        CHECK(runs[static_cast<std::size_t>(i)] == 1);
        CHECK(bad[static_cast<std::size_t>(i)] == 0);
      }
    }
  }
}

#ifdef SORTLAB_THREADS
TEST_CASE("as many threads as were asked for work at the same time") {
  for (const int threads : {1, 2, 3, 4}) {
    ThreadPool pool(threads);
    REQUIRE(pool.threads() == threads);
    // Each task waits until all have begun: one thread after the other would wait for ever.
    std::atomic<int> begun{0};
    std::atomic<bool> late{false};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    pool.parallel_for(threads, [&](int, int) {
      ++begun;
      while (begun < threads && !late) {
        if (std::chrono::steady_clock::now() > deadline) late = true;
      }
    });
    CHECK(begun == threads);
    CHECK(!late);
  }
}
#endif

TEST_CASE("many short runs in a row do not mix") {
  ThreadPool pool(4);
  std::vector<long long> values(16, 0);
  for (int round = 0; round < 2000; ++round) {
    pool.parallel_for(16, [&](int task, int) { values[static_cast<std::size_t>(task)] += task; });
  }
  for (int i = 0; i < 16; ++i) CHECK(values[static_cast<std::size_t>(i)] == 2000LL * i);
}

TEST_CASE("fixed parts cover the range without overlap") {
  for (int count : {0, 1, 5, 64, 97}) {
    for (int parts : {1, 3, 8}) {
      int at = 0;
      for (int part = 0; part < parts; ++part) {
        const Range range = fixed_part(count, parts, part);
        CHECK(range.begin == at);
        at = range.end;
      }
      CHECK(at == count);
    }
  }
}

TEST_CASE(
    "thread pool: work reaches threads that look for it and threads that went to sleep, and the caller wakes again") {
  ThreadPool pool(3);
  std::atomic<int> done{0};
  for (int round = 0; round < 40; ++round) {
    // Every fourth round everybody has gone to sleep; in every fourth the caller does, waiting for a slow task.
    if (round % 4 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(3));
    pool.parallel_for(3, [&](int task, int) {
      if (round % 4 == 2 && task > 0) std::this_thread::sleep_for(std::chrono::milliseconds(3));
      ++done;
    });
    CHECK(done == 3 * (round + 1));
  }
}

#if defined(SORTLAB_THREADS) && !defined(__EMSCRIPTEN__)  // in wasm std::clock counts the time of day
TEST_CASE("threads without work go to sleep") {
  ThreadPool pool(3);
  REQUIRE(pool.threads() == 3);
  pool.parallel_for(3, [](int, int) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const std::clock_t before = std::clock();  // processor time of all threads
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(1000.0 * static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC < 50);
}
#endif
