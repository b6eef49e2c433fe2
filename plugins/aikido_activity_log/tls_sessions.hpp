// TLS sessions for later connections to resume: the whole handshake, with its signatures and its
// certificates, is half of what an idle poll costs. Any thread.
#pragma once

#include <curl/curl.h>

#include <string>

namespace aikido {

// For CURLOPT_SHARE of all handles that trust the authorities in `bundle`, as a session stands for
// a server that they vouched for. Lives as long as the process. Null where there is no memory for
// it: without it every handshake is a whole one.
CURLSH* shared_tls_sessions(const std::string& bundle);

}  // namespace aikido
