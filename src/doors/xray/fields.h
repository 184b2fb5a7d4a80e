// SPDX-License-Identifier: Apache-2.0
// Which attribute each field of a segment document becomes: OpenTelemetry's name where there is
// one, else `aws.xray.NAME`. The page of AWS that describes the fields:
// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html. Constants.
#pragma once

#include <array>

#include "doors/xray/attribute_writer.h"

namespace skep::xray {

inline constexpr std::array<KnownMember, 6> kHttpRequest = {{
    {"method", "http.request.method", Form::kUpper},
    {"url", "url.full"},
    {"user_agent", "user_agent.original"},
    {"client_ip", "client.address"},
    {"x_forwarded_for", "aws.xray.x_forwarded_for", Form::kIfTrue},
    {"traced", "aws.xray.traced", Form::kIfTrue},
}};

inline constexpr std::array<KnownMember, 2> kHttpResponse = {{
    {"status", "http.response.status_code", Form::kInteger},
    {"content_length", "http.response.body.size", Form::kInteger},
}};

inline constexpr std::array<KnownMember, 2> kSql = {{
    {"database_type", "db.system.name"},
    {"sanitized_query", "db.query.text"},
}};

inline constexpr std::array<KnownMember, 3> kService = {{
    {"version", "service.version"},
    {"runtime", "process.runtime.name"},
    {"runtime_version", "process.runtime.version"},
}};

// Members of the document itself. What is skipped is read for the record's own columns, or has a
// table of its own.
inline constexpr std::array<KnownMember, 25> kDocument = {{
    {"id", "", Form::kSkip},
    {"name", "", Form::kSkip},
    {"trace_id", "", Form::kSkip},
    {"parent_id", "", Form::kSkip},
    {"start_time", "", Form::kSkip},
    {"end_time", "", Form::kSkip},
    {"in_progress", "", Form::kSkip},
    {"type", "", Form::kSkip},
    {"subsegments", "", Form::kSkip},
    {"links", "", Form::kSkip},
    {"cause", "", Form::kSkip},
    {"http", "", Form::kSkip},
    {"sql", "", Form::kSkip},
    {"service", "", Form::kSkip},
    {"aws", "", Form::kSkip},
    {"annotations", "", Form::kSkip},
    {"metadata", "", Form::kSkip},
    {"fault", "aws.xray.fault", Form::kIfTrue},
    {"error", "aws.xray.error", Form::kIfTrue},
    {"throttle", "aws.xray.throttle", Form::kIfTrue},
    {"inferred", "aws.xray.inferred", Form::kIfTrue},
    {"traced", "aws.xray.traced", Form::kIfTrue},
    {"namespace", "aws.xray.namespace"},
    {"origin", "aws.xray.origin"},
    {"user", "enduser.id"},
}};

}  // namespace skep::xray
