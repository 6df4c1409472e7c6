// How the core reports failure: a Status that cannot be ignored. The core never prints, aborts or throws.
#pragma once

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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

/// The parts of a sentence as one string.
std::string concat(std::initializer_list<std::string_view> parts);

/// Null when ok, and never inlined: there are hundreds of places that make, pass on or drop one.
class [[nodiscard]] Status {
 public:
  Status() = default;
  /// `message`: one plain sentence that says what to do. `subject`: what it is about (a file, a layer); may be empty.
  Status(StatusCode code, std::string_view message, std::string_view subject = {});
  Status(StatusCode code, std::initializer_list<std::string_view> message, std::string_view subject = {});
  Status(const Status& other);
  Status(Status&& other) noexcept = default;
  Status& operator=(const Status& other);
  Status& operator=(Status&& other) noexcept;
  ~Status();

  bool ok() const { return failure_ == nullptr; }
  StatusCode code() const { return failure_ ? failure_->code : StatusCode::kOk; }
  const std::string& message() const;
  const std::string& subject() const;

 private:
  struct Failure {
    StatusCode code;
    std::string message, subject;
  };
  std::unique_ptr<Failure> failure_;
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
