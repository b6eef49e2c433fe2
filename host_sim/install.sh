#!/usr/bin/env bash
# Installs from apt what is missing to build this project; with --checks also what only the tests
# need, with --benchmarks what those and the benchmarks do. Does nothing, and asks for nothing,
# where all is there.
set -euo pipefail

packages=(
  build-essential cmake ninja-build ccache
  libboost-dev libboost-filesystem-dev libcurl4-openssl-dev libssl-dev zlib1g-dev
  libjemalloc-dev libsimdjson-dev libyaml-cpp-dev nlohmann-json3-dev libvalijson-dev libsqlite3-dev
  libhowardhinnant-date-dev libcli11-dev libspdlog-dev prometheus-cpp-dev
  libgtest-dev libgmock-dev librapidcheck-dev ca-certificates
)
checks=(
  clang lld libclang-rt-dev clang-format clang-tidy binutils git valgrind
  chromium fonts-dejavu-core prometheus
)
command -v npm >/dev/null || checks+=(nodejs npm)

benchmarks=(curl jq libbenchmark-dev python3-requests)

case "${1:-}" in
  --checks) packages+=("${checks[@]}") ;;
  --benchmarks) packages+=("${checks[@]}" "${benchmarks[@]}") ;;
esac

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

echo "installing from apt: ${missing[*]}" >&2
sudo=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "install.sh: run this as root, or install sudo" >&2; exit 1; }
  sudo=(sudo)
fi
export DEBIAN_FRONTEND=noninteractive
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
