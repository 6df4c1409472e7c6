# One target per folder of src/. A target sees the folders that it names and those that they name, so that an arrow against
# the order of docs/architecture.md does not compile.
add_library(sortlab_options INTERFACE)
target_compile_options(sortlab_options INTERFACE
  -Wall -Wextra -Wconversion -Werror -fno-exceptions -ffp-contract=off)
if(SORTLAB_SANITIZE)
  target_compile_options(sortlab_options INTERFACE
    "-fsanitize=${SORTLAB_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(sortlab_options INTERFACE "-fsanitize=${SORTLAB_SANITIZE}")
endif()
target_compile_definitions(sortlab_options INTERFACE
  $<$<STREQUAL:${SORTLAB_VARIANT},relaxed>:SORTLAB_RELAXED=1>
  $<$<BOOL:${SORTLAB_THREADS}>:SORTLAB_THREADS=1>
  # Without exceptions xtensor would print and abort.
  XTENSOR_DISABLE_EXCEPTIONS=1 JSON_NOEXCEPTION=1)
if(EMSCRIPTEN)
  # Without type information: only Embind would read it, to name C++ types in errors about its own table.
  target_compile_options(sortlab_options INTERFACE -msimd128 -fno-rtti
    $<$<STREQUAL:${SORTLAB_VARIANT},relaxed>:-mrelaxed-simd> $<$<BOOL:${SORTLAB_THREADS}>:-pthread>)
  target_compile_definitions(sortlab_options INTERFACE EMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)
  # One program to the optimizer, the C++ library included: it drops what no caller needs.
  target_compile_options(sortlab_options INTERFACE $<$<CONFIG:Release>:-flto>)
  target_link_options(sortlab_options INTERFACE -fno-rtti $<$<CONFIG:Release>:-flto> $<$<BOOL:${SORTLAB_THREADS}>:-pthread>)
else()
  # SIMDe's vectors are 128 bits wide; the instruction set only decides how they are spelt. No FMA: same bits as wasm.
  target_compile_options(sortlab_options INTERFACE $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-msse4.2>)
  find_package(Threads REQUIRED)
  target_link_libraries(sortlab_options INTERFACE Threads::Threads)
endif()

# sortlab_library(kernels SOURCES gemm.cpp ... DEPENDS base simd)
# SMALL: nothing here is hot, since loops live in kernels; the download is what counts.
function(sortlab_library name)
  cmake_parse_arguments(arg "SMALL" "" "SOURCES;DEPENDS" ${ARGN})
  list(TRANSFORM arg_DEPENDS PREPEND sortlab_)
  if(arg_SOURCES)
    add_library(sortlab_${name} STATIC ${arg_SOURCES})
    target_link_libraries(sortlab_${name} PRIVATE sortlab_options PUBLIC sortlab_third_party ${arg_DEPENDS})
    set(scope PUBLIC)
  else()
    add_library(sortlab_${name} INTERFACE)
    target_link_libraries(sortlab_${name} INTERFACE sortlab_third_party ${arg_DEPENDS})
    set(scope INTERFACE)
  endif()
  if(arg_SMALL AND EMSCRIPTEN)
    target_compile_options(sortlab_${name} PRIVATE $<$<CONFIG:Release>:-Oz>)
  endif()
  # Headers are included as "kernels/gemm.hpp"; only the folders named in DEPENDS, and what they name, are
  # reachable.
  set(view "${CMAKE_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${view}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${view}/${name}" SYMBOLIC)
  target_include_directories(sortlab_${name} ${scope} "${view}")
endfunction()

# sortlab_test(kernels gemm_test.cpp ... DEPENDS nn): one program per folder, run natively or under Node.
function(sortlab_test name)
  cmake_parse_arguments(arg "" "" "DEPENDS" ${ARGN})
  list(TRANSFORM arg_DEPENDS PREPEND sortlab_)
  add_executable(test_${name} ${arg_UNPARSED_ARGUMENTS} ${CMAKE_SOURCE_DIR}/tests/cpp/main.cpp)
  target_include_directories(test_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/cpp)
  target_link_libraries(test_${name} PRIVATE sortlab_options sortlab_${name} ${arg_DEPENDS})
  target_compile_definitions(test_${name} PRIVATE DOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS)
  if(EMSCRIPTEN)
    # The checkout's package.json makes every .js a module. -O1: the last round of the optimizer, over the finished program,
    # is left out here; it doubles the time of linking.
    set_target_properties(test_${name} PROPERTIES SUFFIX .cjs)
    target_link_options(test_${name} PRIVATE -sENVIRONMENT=node,worker -sALLOW_MEMORY_GROWTH -sSTACK_SIZE=512KB -sNODERAWFS
      -sEXIT_RUNTIME -sINITIAL_MEMORY=64MB -O1 $<$<BOOL:${SORTLAB_THREADS}>:-sPTHREAD_POOL_SIZE=8> -Wno-pthreads-mem-growth)
    add_test(NAME ${name} COMMAND node $<TARGET_FILE:test_${name}> WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  else()
    add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
endfunction()
