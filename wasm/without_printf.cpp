// What the libraries print with printf, which would bring in all of it, without it.
#include <emscripten/console.h>

#include <cstdlib>
#include <cstring>

// What the C++ library calls when it must give up.
[[noreturn]] void std::__libcpp_verbose_abort(const char* format, ...) {
  emscripten_console_error(format);
  std::abort();
}

extern "C" [[noreturn]] void __cxa_pure_virtual() {
  emscripten_console_error("pure virtual function called");
  std::abort();
}

// sprintf without floating point. Only Embind calls it, to name a type that is not in its table by the type's address;
// whoever else does shall be noticed.
extern "C" int siprintf(char* text, const char* format, ...) {
  if (std::strcmp(format, "%p") != 0) std::__libcpp_verbose_abort("sprintf is not here");
  std::strcpy(text, "unnamed");
  return 7;
}

// Only sbrk knows it, for a build that traces.
extern "C" int printf(const char*, ...) { return 0; }
