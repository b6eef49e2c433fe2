// From a request to its answer: which paths there are, and who may ask.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "host_sim/clock.hpp"
#include "host_sim/status/history.hpp"
#include "host_sim/status/snapshot.hpp"

namespace host::status {

using Request = boost::beast::http::request<boost::beast::http::empty_body>;
using Answer = boost::beast::http::response<boost::beast::http::string_body>;

// One thread.
class Answers {
 public:
  // `names` may stand in a request's `Host`, beside addresses and localhost. The others outlive
  // the object.
  Answers(Source source, std::vector<std::string> names, const History& history, Clock& clock);

  // To GET and HEAD alone (405); 400 without exactly one Host, 403 for one that is not ours, 404
  // for a path that is not here. For HEAD as for GET: the caller leaves the body out.
  Answer to(const Request& request) const;

 private:
  Answer health() const;
  Answer at(std::string_view path) const;

  const Source source_;
  const std::vector<std::string> names_;
  const History& history_;
  Clock& clock_;
};

// With the headers that every answer has.
Answer answer(boost::beast::http::status status, std::string_view type, std::string body);

}  // namespace host::status
