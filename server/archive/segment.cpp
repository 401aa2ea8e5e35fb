#include "server/archive/segment.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>

#include <boost/json.hpp>
#include <zstd.h>

namespace dockline::server::archive {
namespace {

using base::Fault;
namespace json = boost::json;

constexpr int kLevel = 6;
constexpr std::int64_t kPlainMost = 8 * 1024 * 1024;  // no honest block unpacks to more

std::string header_line(const Header& h) {
  json::array blocks;
  for (const auto& b : h.blocks) blocks.push_back(json::array{b.first, b.offset, b.bytes, b.plain});
  return json::serialize(json::object{{"dockline", "archive"},
                                      {"version", 1},
                                      {"number", h.number},
                                      {"first", h.first},
                                      {"last", h.last},
                                      {"made_ms", h.made_ms},
                                      {"before", base::to_hex(h.before)},
                                      {"chain", base::to_hex(h.chain)},
                                      {"sha256", h.sha256},
                                      {"blocks", std::move(blocks)}}) +
         "\n";
}

std::int64_t number(const json::object& in, std::string_view key) {
  const auto* v = in.if_contains(key);
  return v != nullptr && v->is_int64() ? v->get_int64() : -1;
}

std::string text(const json::object& in, std::string_view key) {
  const auto* v = in.if_contains(key);
  return v != nullptr && v->is_string() ? std::string(v->get_string()) : std::string{};
}

bool read_blocks(const json::object& in, Header& out) {
  const auto* v = in.if_contains("blocks");
  if (v == nullptr || !v->is_array()) return false;
  for (const auto& each : v->get_array()) {
    if (!each.is_array() || each.get_array().size() != 4) return false;
    std::int64_t n[4];
    for (std::size_t i = 0; i < 4; ++i) {
      const auto& one = each.get_array()[i];
      if (!one.is_int64() || one.get_int64() < 0) return false;
      n[i] = one.get_int64();
    }
    if (n[3] > kPlainMost) return false;
    out.blocks.push_back({n[0], n[1], n[2], n[3]});
  }
  return !out.blocks.empty();
}

bool read_header(std::string_view line, Header& out) {
  boost::system::error_code failed;
  const auto value = json::parse(line, failed);
  if (failed || !value.is_object()) return false;
  const auto& in = value.get_object();
  out.number = number(in, "number");
  out.first = number(in, "first");
  out.last = number(in, "last");
  out.made_ms = number(in, "made_ms");
  out.sha256 = text(in, "sha256");
  const auto before = base::from_hex(text(in, "before")), chain = base::from_hex(text(in, "chain"));
  return text(in, "dockline") == "archive" && number(in, "version") == 1 && out.number > 0 &&
         out.first > 0 && out.last >= out.first && before && chain &&
         read_chain(*before, out.before) && read_chain(*chain, out.chain) && read_blocks(in, out);
}

// "position time heard length\n" before each body.
bool read_row(std::string_view plain, std::size_t& at, Row& row) {
  const auto end = plain.find('\n', at);
  if (end == plain.npos || end - at > 100) return false;
  const char* from = plain.data() + at;
  const char* to = plain.data() + end;
  std::int64_t length = 0;
  for (std::int64_t* field : {&row.position, &row.time_ms, &row.heard_ms, &length}) {
    const auto [next, bad] = std::from_chars(from, to, *field);
    if (bad != std::errc{}) return false;
    from = next + (next < to ? 1 : 0);
  }
  at = end + 1;
  if (length < 0 || static_cast<std::size_t>(length) > plain.size() - at) return false;
  row.body = plain.substr(at, static_cast<std::size_t>(length));
  at += static_cast<std::size_t>(length);
  return true;
}

}  // namespace

std::string file_name(const Header& h) {
  char number[32];
  std::snprintf(number, sizeof number, "%06lld", static_cast<long long>(h.number));
  return std::string(number) + "-" + std::to_string(h.first) + "-" + std::to_string(h.last) +
         ".dls";
}

// --------------------------------------------------------------------------------------- writing
Writer::Writer(std::int64_t number, const LogChain& before) {
  header_.number = number;
  header_.before = header_.chain = before;
}

void Writer::add(const Row& row) {
  if (!failed_) return;
  if (rows_++ == 0) header_.first = row.position;
  if (block_.empty()) block_first_ = row.position;
  header_.last = row.position;
  header_.chain = log_chain_next(header_.chain, row.position, row.time_ms, row.heard_ms, row.body);
  block_ += std::to_string(row.position) + " " + std::to_string(row.time_ms) + " " +
            std::to_string(row.heard_ms) + " " + std::to_string(row.body.size()) + "\n";
  block_ += row.body;
  plain_ += row.body.size();
  if (block_.size() >= kBlockPlainBytes) failed_ = pack();
}

base::Status Writer::pack() {
  if (block_.empty()) return {};
  const std::size_t at = packed_.size();
  packed_.resize(at + ZSTD_compressBound(block_.size()));
  const std::size_t size =
      ZSTD_compress(packed_.data() + at, packed_.size() - at, block_.data(), block_.size(), kLevel);
  if (ZSTD_isError(size) != 0) {
    return base::fail(Fault::bug, std::string("compress: ") + ZSTD_getErrorName(size));
  }
  packed_.resize(at + size);
  header_.blocks.push_back({block_first_, static_cast<std::int64_t>(at),
                            static_cast<std::int64_t>(size),
                            static_cast<std::int64_t>(block_.size())});
  block_.clear();
  return {};
}

base::Result<Writer::Made> Writer::finish(std::int64_t made_ms) {
  if (failed_) failed_ = pack();
  if (!failed_) return base::pass(failed_.error());
  header_.made_ms = made_ms;
  header_.sha256 = base::to_hex(base::sha256(packed_));
  Made made{header_, header_line(header_)};
  made.file += packed_;
  return made;
}

// --------------------------------------------------------------------------------------- reading
base::Error Segment::damaged(const std::string& what) const {
  return {Fault::corrupt, path_ + ": " + what +
                              ". Put the copy from the backup folder (archive/) in its place; "
                              "`dockline archive verify` says which files are good"};
}

base::Result<Segment> Segment::open(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return base::fail(Fault::corrupt, path +
                                          " is missing or cannot be read. Put the copy from the "
                                          "backup folder (archive/) in its place");
  }
  std::string line;
  std::getline(in, line);
  Segment segment(path, {}, static_cast<std::int64_t>(line.size()) + 1);
  if (!in || line.size() > kHeaderBytesMax || !read_header(line, segment.header_)) {
    return base::pass(segment.damaged("its first line is no archive header"));
  }
  return segment;
}

base::Status Segment::load(std::size_t block) {
  if (loaded_ == block) return {};
  loaded_ = SIZE_MAX;
  const Block& b = header_.blocks[block];
  std::ifstream in(path_, std::ios::binary);
  std::string packed(static_cast<std::size_t>(std::min(b.bytes, kPlainMost * 2)), '\0');
  in.seekg(data_ + b.offset);
  in.read(packed.data(), static_cast<std::streamsize>(packed.size()));
  if (!in) return base::pass(damaged("it ends before block " + std::to_string(block)));
  plain_.resize(static_cast<std::size_t>(b.plain));
  const std::size_t size =
      ZSTD_decompress(plain_.data(), plain_.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) != 0 || size != plain_.size()) {
    return base::pass(damaged("block " + std::to_string(block) + " cannot be unpacked"));
  }
  loaded_ = block;
  return {};
}

base::Status Segment::each(std::int64_t first, const std::function<bool(const Row&)>& take) {
  for (std::size_t i = 0; i < header_.blocks.size(); ++i) {
    if (i + 1 < header_.blocks.size() && header_.blocks[i + 1].first <= first) continue;
    if (auto ok = load(i); !ok) return ok;
    Row row;
    for (std::size_t at = 0; at < plain_.size();) {
      if (!read_row(plain_, at, row)) {
        return base::pass(damaged("block " + std::to_string(i) + " holds no rows"));
      }
      if (row.position >= first && !take(row)) return {};
    }
  }
  return {};
}

base::Result<std::string> Segment::body(std::int64_t position) {
  std::string found;
  bool there = false;
  auto ok = each(position, [&](const Row& row) {
    if (row.position == position) {
      found = row.body;
      there = true;
    }
    return false;
  });
  if (!ok) return base::pass(ok.error());
  if (!there) {
    return base::pass(damaged("it does not hold position " + std::to_string(position)));
  }
  return found;
}

base::Status Segment::verify() {
  std::ifstream in(path_, std::ios::binary);
  in.seekg(data_);
  const std::string all{std::istreambuf_iterator<char>(in), {}};
  if (base::to_hex(base::sha256(all)) != header_.sha256) {
    return base::pass(damaged("its bytes do not have the sum in its header"));
  }
  LogChain chain = header_.before;
  std::int64_t next = header_.first;
  auto ok = each(header_.first, [&](const Row& row) {
    if (row.position != next) return false;
    chain = log_chain_next(chain, row.position, row.time_ms, row.heard_ms, row.body);
    ++next;
    return true;
  });
  if (!ok) return ok;
  if (next != header_.last + 1) {
    return base::pass(damaged("position " + std::to_string(next) + " is missing"));
  }
  if (chain != header_.chain) return base::pass(damaged("its chain does not fit its facts"));
  return {};
}

}  // namespace dockline::server::archive
