# Finds Emscripten's own toolchain file: beside the emcc on the PATH (emsdk and Debian lay it out alike), or where em-config
# says, since an emcc may be a wrapper (Homebrew).
find_program(SORTLAB_EMCC emcc REQUIRED)
set(platform cmake/Modules/Platform/Emscripten.cmake)
get_filename_component(emcc_folder "${SORTLAB_EMCC}" DIRECTORY)
file(REAL_PATH "${SORTLAB_EMCC}" emcc_path)
get_filename_component(emscripten_root "${emcc_path}" DIRECTORY)
if(NOT EXISTS "${emscripten_root}/${platform}")
  execute_process(COMMAND "${emcc_folder}/em-config" EMSCRIPTEN_ROOT
    OUTPUT_VARIABLE emscripten_root OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT EXISTS "${emscripten_root}/${platform}")
  # Wrappers round a compiler that lives elsewhere, in a container for one: only the file comes from beside the headers.
  set(EMSCRIPTEN_ROOT_PATH "${emcc_folder}")
  get_filename_component(emscripten_root "$ENV{SORTLAB_INCLUDE_ROOT}/../share/emscripten" ABSOLUTE)
endif()
include("${emscripten_root}/${platform}")
