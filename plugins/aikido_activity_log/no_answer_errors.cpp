#include "plugins/aikido_activity_log/no_answer_errors.hpp"

namespace aikido {
namespace {

constexpr int kProxyWantsPassword = 407;

// As quoted words, for one and the same trouble is told in many ways.
std::string in_words(const FailedAnswer& answer) {
  return answer.detail.empty() ? "" : ": \"" + answer.detail + '"';
}

std::string because(const FailedAnswer& answer) {
  return answer.detail.empty() ? "" : " (" + answer.detail + ")";
}

// "the host's proxy (CONNECTOR_PROXY)": with the place where it is set, where that is known.
std::string set_in(const std::string& what, const std::string& setting) {
  return setting.empty() ? what : what + " (" + setting + ")";
}

std::string ca_bundle(const FailedAnswer& answer) {
  return set_in("the host's CA bundle", answer.host.ca_bundle);
}

std::string proxy(const FailedAnswer& answer) {
  return set_in("the host's proxy", answer.host.proxy);
}

std::string need_of_proxy(const FailedAnswer& answer) {
  return "whether the host needs a proxy" + set_in("", answer.host.proxy);
}

// What may be in the way of a request.
std::string network(const FailedAnswer& answer) {
  return answer.by_proxy ? "check " + proxy(answer) + ", network and firewall"
                         : "check network and firewall, and " + need_of_proxy(answer);
}

// What to do about a refused certificate, by what libcurl and OpenSSL say of it.
std::string tls_advice(const FailedAnswer& answer, const Settings& settings) {
  const auto says = [&answer](const char* words) {
    return answer.detail.find(words) != std::string::npos;
  };
  if (says("expired"))
    return "its certificate has expired, and its owner has to renew it, unless this machine's "
           "clock is wrong; check that first";
  if (says("not yet valid"))
    return "its certificate is not good at this time; check this machine's clock";
  if (says("subject name") || says("match target") || says("hostname mismatch"))
    return "its certificate is for another name; check " + settings.host_setting.substr(1) +
           ", and whether a proxy intercepts TLS";
  if (says("issuer") || says("self-signed") || says("self signed"))
    return "nobody whom this machine trusts has issued its certificate; check " +
           ca_bundle(answer) + ", and whether a proxy intercepts TLS";
  if (says("wrong version number"))
    return "this port may speak no TLS; check the port in " + settings.host_setting.substr(1) +
           ", and whether a proxy answers in its place";
  if (says("protocol version") || says("unsupported protocol"))
    return "it offers nothing newer than TLS 1.1, which is not secure; check whether a proxy "
           "intercepts TLS";
  return "check this machine's clock, " + ca_bundle(answer) +
         ", and whether a proxy intercepts TLS";
}

std::string proxy_advice(const FailedAnswer& answer) {
  if (answer.proxy_status == kProxyWantsPassword)
    return "the proxy wants a user and password that it knows; give them in " + proxy(answer) +
           " as http://USER:PASSWORD@HOST:PORT";
  return "the proxy answered " + std::to_string(answer.proxy_status) +
         "; see that it lets requests to Aikido through, or give another one as " + proxy(answer);
}

Error no_connection(const FailedAnswer& answer, const std::string& place) {
  return {Status::kTransient,
          "no connection to " + place + because(answer) + "; " +
              (answer.proxy_status > 0 ? proxy_advice(answer) : network(answer))};
}

Error too_late(const FailedAnswer& answer, const std::string& place, const Settings& settings) {
  if (answer.deadline_is_host)
    return {Status::kDeadline, "the deadline passed before an answer of " + place +
                                   "; if it stays, " + network(answer)};
  const std::string seconds = std::to_string(settings.request_timeout_ns / kNsPerSecond);
  return {Status::kTransient, "no answer of " + place + " within " + seconds + " s; if it stays, " +
                                  (answer.connected ? "check the network" : network(answer)) +
                                  ", or raise request_timeout"};
}

}  // namespace

Error no_answer_error(const FailedAnswer& answer, const std::string& place,
                      const Settings& settings) {
  switch (answer.failure) {
    case NoAnswer::kCancelled:
      return {Status::kCancelled, "cancelled"};
    case NoAnswer::kDeadline:
      return too_late(answer, place, settings);
    case NoAnswer::kNoAuthorities:
      return {Status::kTransient,
              answer.detail + "; give a readable PEM file as " + ca_bundle(answer)};
    case NoAnswer::kResolve:
      return {Status::kTransient, "the name of " + place + " cannot be resolved" + because(answer) +
                                      "; check this machine's DNS, " +
                                      settings.host_setting.substr(1) + ", and " +
                                      need_of_proxy(answer)};
    case NoAnswer::kConnect:
      return no_connection(answer, place);
    case NoAnswer::kTls:
      return {Status::kTransient, "no trusted TLS connection to " + place + because(answer) + "; " +
                                      tls_advice(answer, settings)};
    case NoAnswer::kTooLarge:
      return {Status::kProtocol, "the answer of " + place + " was refused" + because(answer) +
                                     "; check that " + settings.host_setting.substr(1) +
                                     " names Aikido itself"};
    default:
      return {Status::kTransient, "the connection to " + place + " broke" + in_words(answer) +
                                      "; if it stays, " + network(answer)};
  }
}

}  // namespace aikido
