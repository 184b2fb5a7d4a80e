// SPDX-License-Identifier: Apache-2.0
// Problem: a refusal in Honeycomb's words: RFC 7807's application/problem+json for its API of
// version 1, with what is wrong member by member where a body was read; JSON:API's errors for
// version 2. https://api-docs.honeycomb.io/api/errors. Values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "net/http.h"

namespace skep::honeycomb {

struct ProblemDetail {
  std::string field;  // `threshold.op`; in JSON:API a pointer, `/data/attributes/name`
  std::string code;   // invalid, missing, incorrect_type, already_exists
  std::string description;
};

struct Problem {
  int status = 500;
  std::string type;  // the last part of the type's URL: `not-found`; in JSON:API its code
  std::string title;
  std::string error;  // what clients show
  std::vector<ProblemDetail> details{};
  std::string header{};     // JSON:API: the header that is to blame
  std::string parameter{};  // likewise, the parameter
};

Problem NotFoundProblem(std::string error);
Problem UnparseableProblem(std::string error = "could not parse request body");
Problem InvalidProblem(std::vector<ProblemDetail> details);
Problem ConflictProblem(std::string error);
Problem ForbiddenProblem(std::string error);
Problem UnauthorizedProblem();
Problem ThrottledProblem(std::string error);
// What an Error of ours is when nobody said more of it.
Problem ProblemOf(const Error& error);

// `base` is the address that the client knows this server by.
net::Response RenderProblem(const Problem& problem, std::string_view base);
// `id` names the occurrence.
net::Response RenderJsonApiProblem(const Problem& problem, std::string_view id);

}  // namespace skep::honeycomb
