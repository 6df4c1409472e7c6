# Finds Emscripten's own toolchain file beside the emcc on the PATH (emsdk and Debian lay it out alike).
find_program(SORTLAB_EMCC emcc REQUIRED)
file(REAL_PATH "${SORTLAB_EMCC}" emcc_path)
get_filename_component(emscripten_root "${emcc_path}" DIRECTORY)
if(NOT EXISTS "${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
  set(emscripten_root /usr/share/emscripten)
endif()
include("${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
