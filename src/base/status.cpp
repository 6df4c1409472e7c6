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

std::string concat(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

Status::Status(StatusCode code, std::string_view message, std::string_view subject)
    : failure_(code == StatusCode::kOk ? nullptr : new Failure{code, std::string(message), std::string(subject)}) {}
Status::Status(StatusCode code, std::initializer_list<std::string_view> message, std::string_view subject)
    : Status(code, concat(message), subject) {}
Status::Status(const Status& other) : failure_(other.failure_ ? new Failure(*other.failure_) : nullptr) {}
Status& Status::operator=(const Status& other) { return *this = Status(other); }
Status& Status::operator=(Status&&) noexcept = default;
Status::~Status() = default;

namespace {
[[clang::no_destroy]] const std::string kNothing;
}
const std::string& Status::message() const { return failure_ ? failure_->message : kNothing; }
const std::string& Status::subject() const { return failure_ ? failure_->subject : kNothing; }

}  // namespace sortlab
