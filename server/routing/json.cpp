#include "server/routing/json.hpp"

#include <boost/json.hpp>

#include "shared/wire/json_visit.hpp"

namespace dockline::server::routing {
namespace {

namespace json = boost::json;

// Writes text at once: each decision of a chain that weighs keeps its facts, and a tree of values
// for 50 sites costs ten times the choice.
class TextWriter {
 public:
  TextWriter(std::string& out, std::size_t bytes_max) : out_(out), bytes_max_(bytes_max) {}

  template <class T>
  void operator()(std::string_view key, const T& value) {
    if constexpr (wire::detail::IsOptional<T>::value) {
      if (value) (*this)(key, *value);
    } else if (fits()) {
      out_ += first_ ? '"' : ',';
      if (!first_) out_ += '"';
      first_ = false;
      out_.append(key).append("\":");
      put(value);
    }
  }

  template <class T>
  void put(const T& value) {
    if constexpr (wire::detail::IsVector<T>::value) {
      out_ += '[';
      for (std::size_t i = 0; i < value.size() && fits(); ++i) {
        if (i > 0) out_ += ',';
        put(value[i]);
      }
      out_ += ']';
    } else if constexpr (std::is_same_v<T, std::string>) {
      out_ += json::serialize(json::string_view(value.data(), value.size()));
    } else if constexpr (std::is_same_v<T, bool>) {
      out_ += value ? "true" : "false";
    } else if constexpr (std::is_integral_v<T>) {
      out_ += std::to_string(value);
    } else {
      out_ += '{';
      TextWriter inner(out_, bytes_max_);
      T::visit(value, inner);
      out_ += '}';
    }
  }

  [[nodiscard]] bool fits() const { return out_.size() <= bytes_max_; }

 private:
  std::string& out_;
  const std::size_t bytes_max_;
  bool first_ = true;
};

template <class T>
std::string written(const T& value, std::size_t bytes_max) {
  std::string out;
  TextWriter(out, bytes_max).put(value);
  return out;
}

template <class T>
base::Result<T> read(std::string_view text, std::string_view name) {
  boost::system::error_code failed;
  const json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) {
    return base::fail(base::Fault::reject, std::string(name) + ": a JSON object is needed");
  }
  T made;
  std::string problem;
  wire::detail::Reader reader(value.get_object(), name, problem);
  T::visit(made, reader);
  if (!problem.empty()) return base::fail(base::Fault::reject, std::move(problem));
  return made;
}

}  // namespace

std::string to_json(const Facts& facts) { return written(facts, SIZE_MAX); }
std::string to_json(const ChainSpec& spec) { return written(spec, SIZE_MAX); }
std::optional<std::string> to_json(const Facts& facts, std::size_t bytes_max) {
  std::string text = written(facts, bytes_max);
  if (text.size() > bytes_max) return std::nullopt;
  return text;
}

base::Result<Facts> facts_from_json(std::string_view text) { return read<Facts>(text, "facts"); }
base::Result<ChainSpec> chain_from_json(std::string_view text) {
  return read<ChainSpec>(text, "chain");
}

}  // namespace dockline::server::routing
