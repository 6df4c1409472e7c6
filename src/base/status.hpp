// How the core reports failure: a Status that cannot be ignored. The core never prints, aborts or throws.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace sortlab {

enum class StatusCode {
  kOk = 0,
  kInvalidArgument,  // a setting or call is wrong
  kInvalidData,      // bytes from outside do not hold what they claim
  kUnsupported,      // well-formed, but a kind we do not read
  kTruncated,        // ends before it should
  kTooLarge,         // over a limit of this device
  kOutOfMemory,
  kDiverged,  // the loss or a gradient is no longer finite
  kCancelled,
};

/// Name used in JavaScript and JSON, such as "invalid-data".
const char* status_code_name(StatusCode code);

class [[nodiscard]] Status {
 public:
  Status() = default;
  /// `message`: one plain sentence that says what to do. `subject`: what it is about (a file, a layer); may be empty.
  Status(StatusCode code, std::string message, std::string subject = {})
      : code_(code), message_(std::move(message)), subject_(std::move(subject)) {}

  bool ok() const { return code_ == StatusCode::kOk; }
  StatusCode code() const { return code_; }
  const std::string& message() const { return message_; }
  const std::string& subject() const { return subject_; }

 private:
  StatusCode code_ = StatusCode::kOk;
  std::string message_;
  std::string subject_;
};

/// A value or the Status that says why there is none. value() may be called only when ok().
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}          // NOLINT: implicit, so that `return value;` reads well
  Result(Status status) : status_(std::move(status)) {}  // NOLINT: implicit, so that `return status;` reads well

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }
  T& value() & { return *value_; }
  const T& value() const& { return *value_; }
  T&& value() && { return std::move(*value_); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace sortlab

/// Returns from the calling function when `expression` (a Status) is not ok.
#define SORTLAB_RETURN_IF_ERROR(expression)                                      \
  do {                                                                           \
    if (::sortlab::Status status_ = (expression); !status_.ok()) return status_; \
  } while (false)
