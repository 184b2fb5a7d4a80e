# SPDX-License-Identifier: Apache-2.0
"""What X-Ray says a segment document is, as a JSON schema; closed, so that a field that X-Ray does not know is found.

After docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html. Where that is silent, after what AWS's own SDK
for Python sends: in_progress is false on finished ones, the namespace may be "local", subsegments have their
trace_id, parent_id and type even inside their segment.
"""
ID = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
TRACE_ID = {"type": "string", "pattern": "^1-[0-9a-f]{8}-[0-9a-f]{24}$"}
SECONDS = {"type": "number", "minimum": 0}
TEXT = {"type": "string", "minLength": 1}
SHORT = {"type": "string", "minLength": 1, "maxLength": 250}
TEXTS = {"type": "array", "items": TEXT}


def closed(properties, **rules):
    return {"type": "object", "properties": properties, "additionalProperties": False, **rules}


STACK_FRAME = closed({"path": TEXT, "line": {"type": "integer", "minimum": 1}, "label": TEXT}, minProperties=1)
EXCEPTION = closed({
    "id": ID, "message": {"type": "string"}, "type": TEXT, "remote": {"type": "boolean"},
    "truncated": {"type": "integer", "minimum": 1}, "skipped": {"type": "integer", "minimum": 1}, "cause": ID,
    "stack": {"type": "array", "items": STACK_FRAME, "minItems": 1}}, required=["id"])
CAUSE = {"oneOf": [ID, closed({"working_directory": TEXT, "paths": TEXTS,
                               "exceptions": {"type": "array", "items": EXCEPTION, "minItems": 1}},
                              required=["exceptions"])]}
HTTP = closed({
    "request": closed({"method": TEXT, "url": TEXT, "user_agent": TEXT, "client_ip": TEXT,
                       "x_forwarded_for": {"type": "boolean"}, "traced": {"type": "boolean"}}, minProperties=1),
    "response": closed({"status": {"type": "integer", "minimum": 100, "maximum": 599},
                        "content_length": {"type": "integer", "minimum": 0}}, minProperties=1)}, minProperties=1)
SQL = closed({name: TEXT for name in ("connection_string", "url", "sanitized_query", "database_type",
                                      "database_version", "driver_version", "user")}
             | {"preparation": {"enum": ["call", "statement"]}}, minProperties=1)
COMMON = {
    "id": ID,
    "name": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\w\s.:/%&#=+\-@,'\"]+$"},
    "start_time": SECONDS, "end_time": SECONDS, "in_progress": {"type": "boolean"},
    "trace_id": TRACE_ID, "parent_id": ID,
    "http": HTTP, "cause": CAUSE,
    "error": {"const": True}, "throttle": {"const": True}, "fault": {"const": True},
    "annotations": {"type": "object", "minProperties": 1, "propertyNames": {"pattern": "^[A-Za-z0-9_]+$"},
                    "additionalProperties": {"type": ["string", "number", "boolean"]}},
    "metadata": {"type": "object", "minProperties": 1, "propertyNames": {"not": {"pattern": r"^AWS\."}},
                 "additionalProperties": {"type": "object"}},
    "aws": {"type": "object", "minProperties": 1},
    "subsegments": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/subsegment"}},
}
TIMES = [{"required": ["end_time"], "properties": {"in_progress": {"const": False}}},
         {"required": ["in_progress"], "properties": {"in_progress": {"const": True}}, "not": {"required": ["end_time"]}}]
SUBSEGMENT = closed(
    COMMON | {"type": {"const": "subsegment"}, "namespace": {"enum": ["aws", "remote", "local"]}, "sql": SQL,
              "traced": {"type": "boolean"}, "precursor_ids": {"type": "array", "items": ID}},
    required=["id", "name", "start_time", "trace_id", "parent_id", "type"], oneOf=TIMES)
SEGMENT = closed(
    COMMON | {"user": SHORT, "origin": SHORT,
              "service": {"type": "object", "minProperties": 1, "additionalProperties": TEXT}},
    required=["id", "name", "start_time", "trace_id"], oneOf=TIMES)
SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"subsegment": SUBSEGMENT},
          "if": {"properties": {"type": {"const": "subsegment"}}, "required": ["type"]},
          "then": {"$ref": "#/$defs/subsegment"}, "else": SEGMENT}
