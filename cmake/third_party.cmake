# Header-only libraries, reached through one folder of symlinks: /usr/include itself would break Emscripten's libc++.
set(include_root "/usr/include")
if(DEFINED ENV{SORTLAB_INCLUDE_ROOT})
  set(include_root "$ENV{SORTLAB_INCLUDE_ROOT}")
endif()
set(SORTLAB_INCLUDE_ROOT "${include_root}" CACHE PATH "where xtensor, xtl, nlohmann, simde, stb and doctest lie")
set(third_party "${CMAKE_BINARY_DIR}/third_party")
file(MAKE_DIRECTORY "${third_party}")
foreach(library xtensor xtl nlohmann simde stb doctest)
  if(NOT EXISTS "${SORTLAB_INCLUDE_ROOT}/${library}")
    message(FATAL_ERROR "${library} is missing below ${SORTLAB_INCLUDE_ROOT}; run scripts/setup")
  endif()
  file(CREATE_LINK "${SORTLAB_INCLUDE_ROOT}/${library}" "${third_party}/${library}" SYMBOLIC)
endforeach()

# 2.27 writes out of bounds on public corpora.
file(STRINGS "${third_party}/stb/stb_image.h" stb_first LIMIT_COUNT 1)
string(REGEX MATCH "v([0-9]+\\.[0-9]+)" _ "${stb_first}")
if(CMAKE_MATCH_1 VERSION_LESS 2.30)
  message(FATAL_ERROR "stb_image ${CMAKE_MATCH_1} is too old (2.30 or newer is needed); run scripts/setup")
endif()

add_library(sortlab_third_party INTERFACE)
target_include_directories(sortlab_third_party SYSTEM INTERFACE "${third_party}")
