// The only door to xtensor. Without exceptions its XTENSOR_THROW prints to std::cerr and aborts, which would pull the
// whole of iostream into the module; here it traps. Shapes are checked before xtensor sees them, so the trap is never
// reached. For cold code (initialisers, summaries of metrics); hot loops live in src/kernels/.
#pragma once

#include <xtensor/xtensor_config.hpp>

#undef XTENSOR_THROW
#define XTENSOR_THROW(exception, message) __builtin_trap()

#include <xtensor/xadapt.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
