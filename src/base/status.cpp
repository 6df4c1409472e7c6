#include "base/status.hpp"

namespace sortlab {

const char* status_code_name(StatusCode code) {
  switch (code) {
    case StatusCode::kOk:
      return "ok";
    case StatusCode::kInvalidArgument:
      return "invalid-argument";
    case StatusCode::kInvalidData:
      return "invalid-data";
    case StatusCode::kUnsupported:
      return "unsupported";
    case StatusCode::kTruncated:
      return "truncated";
    case StatusCode::kTooLarge:
      return "too-large";
    case StatusCode::kOutOfMemory:
      return "out-of-memory";
    case StatusCode::kDiverged:
      return "diverged";
    case StatusCode::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace sortlab
