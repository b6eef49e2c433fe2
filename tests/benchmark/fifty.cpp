#include "tests/benchmark/fifty.hpp"

CONNECTOR_PLUGIN(benchmarks::Fifty)
