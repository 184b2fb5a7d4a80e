// SPDX-License-Identifier: Apache-2.0
#include "doors/honeycomb/dependency_runs.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace skep::honeycomb {
namespace {

LengthSpread Calls(double count) {
  LengthSpread spread;
  spread.buckets[3] = {count, 0};
  return spread;
}

// web calls cart and users, cart calls users and a database.
ServiceMap Shop() {
  ServiceMap map;
  map.nodes = {{"cart", MapNodeKind::kService, {}},
               {"postgresql shop", MapNodeKind::kDatabase, {}},
               {"users", MapNodeKind::kService, {}},
               {"web", MapNodeKind::kService, {}}};
  map.edges = {{"cart", "postgresql shop", Calls(100)},
               {"cart", "users", Calls(2.5)},
               {"web", "cart", Calls(3)},
               {"web", "users", Calls(7)}};
  return map;
}

std::vector<std::string> Found(const DependencyQuestion& question) {
  std::vector<std::string> found;
  for (const Dependency& each : DependenciesIn(Shop(), question))
    found.push_back(each.parent + ">" + each.child + " " + std::to_string(each.calls));
  return found;
}

TEST(DependenciesIn, AreCallsBetweenServicesTheMostFirst) {
  EXPECT_EQ(Found({}), (std::vector<std::string>{"web>users 7", "cart>users 3", "web>cart 3"}));
}

TEST(DependenciesIn, InvolveOneOfTheServicesAskedFor) {
  EXPECT_EQ(Found({.map = {}, .services = {"cart"}}),
            (std::vector<std::string>{"cart>users 3", "web>cart 3"}));
  EXPECT_EQ(Found({.map = {}, .services = {"cart", "users"}}).size(), 3u);
  EXPECT_TRUE(Found({.map = {}, .services = {"postgresql shop", "none"}}).empty());
}

TEST(DependenciesIn, AreCutByTheLimit) {
  EXPECT_EQ(Found({.map = {}, .services = {}, .limit = 1}),
            (std::vector<std::string>{"web>users 7"}));
}

}  // namespace
}  // namespace skep::honeycomb
