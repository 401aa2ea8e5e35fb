// Reads tests/devices/vectors/*.tsv.
#pragma once

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "shared/base/bytes.hpp"

namespace dockline::firmware {

struct Vector {
  std::string id, bytes, visible, expected;
};

inline std::vector<std::vector<std::string>> read_rows(const std::string& file) {
  const char* root = std::getenv("DOCKLINE_SOURCE");  // NOLINT(concurrency-mt-unsafe): set by ctest
  std::ifstream in(std::string(root != nullptr ? root : ".") + "/tests/devices/vectors/" + file);
  if (!in) {
    throw std::runtime_error("cannot read " + file + ": set DOCKLINE_SOURCE to the source folder");
  }
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') {
      continue;
    }
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == '\t') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    rows.push_back(std::move(fields));
  }
  return rows;
}

inline std::vector<Vector> read_vectors(const std::string& file) {
  std::vector<Vector> out;
  for (const auto& row : read_rows(file)) {
    out.push_back({row.at(0), base::from_hex(row.at(1)).value(), row.at(2), row.at(3)});
  }
  return out;
}

}  // namespace dockline::firmware
