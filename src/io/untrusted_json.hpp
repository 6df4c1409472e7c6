// JSON from a file that nobody vouches for: bounded depth, no key twice in one object, valid UTF-8.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

#include "base/status.hpp"

namespace sortlab {

using Json = nlohmann::ordered_json;

/// kInvalidData for anything that is not one JSON value of at most `max_depth` nested objects and arrays.
Result<Json> parse_untrusted_json(std::string_view text, int max_depth);

}  // namespace sortlab
