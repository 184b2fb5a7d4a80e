// SPDX-License-Identifier: Apache-2.0
#include "xray/span_query.h"

#include <initializer_list>

namespace skep::sdk::xray {
namespace {

// The text of the first of the names that is there; empty if none is.
std::string_view Text(Attributes attributes, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (const Attribute& attribute : attributes) {
      const auto* text = std::get_if<std::string_view>(&attribute.second.Get());
      if (attribute.first == name && text != nullptr && !text->empty()) return *text;
    }
  }
  return {};
}

std::string_view WithoutQuery(std::string_view path) {
  return path.substr(0, path.find_first_of("?#"));
}

// "/a" of "https://host/a?b#c"; "/" if the URL ends with the host; empty if it is no URL.
std::string_view PathOf(std::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::string_view rest = url.substr(scheme + 3);
  const size_t slash = rest.find_first_of("/?#");
  if (slash == std::string_view::npos || rest[slash] != '/') return "/";
  return WithoutQuery(rest.substr(slash));
}

std::string TextOf(const Resource& resource, std::string_view name) {
  const auto found = resource.attributes.find(name);
  const std::string* text =
      found != resource.attributes.end() ? std::get_if<std::string>(&found->second) : nullptr;
  return text != nullptr ? *text : std::string();
}

std::string_view TypeOf(std::string_view platform) {
  if (platform == "aws_ec2") return "AWS::EC2::Instance";
  if (platform == "aws_ecs") return "AWS::ECS::Container";
  if (platform == "aws_eks") return "AWS::EKS::Container";
  if (platform == "aws_elastic_beanstalk") return "AWS::ElasticBeanstalk::Environment";
  if (platform == "aws_lambda") return "AWS::Lambda::Function";
  return {};
}

}  // namespace

SpanResource SpanResource::Of(const Resource& resource) {
  SpanResource result;
  result.service = TextOf(resource, "service.name");
  result.service_type = TypeOf(TextOf(resource, "cloud.platform"));
  for (const std::string_view name : {"aws.ecs.container.arn", "cloud.resource_id", "faas.id"}) {
    if (result.arn.empty()) result.arn = TextOf(resource, name);
  }
  return result;
}

SpanQuery::SpanQuery(const SpanResource& resource, Attributes attributes) {
  asked_.unknown_fits = false;
  asked_.attributes = attributes;
  asked_.query.service = resource.service;
  asked_.query.service_type = resource.service_type;
  asked_.query.resource_arn = resource.arn;
  asked_.query.method = Text(attributes, {"http.request.method", "http.method"});
  asked_.query.host = Text(attributes, {"server.address", "http.host", "net.host.name"});
  std::string_view path = WithoutQuery(Text(attributes, {"url.path", "http.target"}));
  if (path.empty()) path = PathOf(Text(attributes, {"url.full", "http.url"}));
  asked_.query.url_path = path;
}

}  // namespace skep::sdk::xray
