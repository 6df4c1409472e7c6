// What the C++ library calls when it must give up. Its own versions format their message with printf, which would bring
// in all of it.
#include <emscripten/console.h>

#include <cstdlib>

[[noreturn]] void std::__libcpp_verbose_abort(const char* format, ...) {
  emscripten_console_error(format);
  std::abort();
}

extern "C" [[noreturn]] void __cxa_pure_virtual() {
  emscripten_console_error("pure virtual function called");
  std::abort();
}
