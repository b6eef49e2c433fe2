// The trusted certificate authorities: read once a process, shared by all instances, since each
// copy costs a megabyte. Any thread.
#pragma once

#include <openssl/types.h>

#include <string>

#include "plugins/aikido_activity_log/page.hpp"

namespace aikido {

// The store of the PEM file `bundle`, or of OpenSSL's default places where it is empty. Lives as
// long as the process. TRANSIENT where it cannot be read; the next call tries again.
Result<X509_STORE*> shared_ca_store(const std::string& bundle);

}  // namespace aikido
