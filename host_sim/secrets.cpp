#include "host_sim/secrets.hpp"

#include <openssl/crypto.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <new>

namespace host {
namespace {

size_t whole_pages(size_t size) {
  const auto page = static_cast<size_t>(::sysconf(_SC_PAGESIZE));
  return (size + page) / page * page;  // at least one
}

Error no_such_secret(const std::string& name) {
  return {Status::kAuth,
          "the manifest gives no secret named " + name + "; add it to the `secrets` of the input"};
}

}  // namespace

SecretValue::SecretValue(std::string_view value, uint64_t generation)
    : generation_(generation), mapped_(whole_pages(value.size())) {
  void* pages =
      ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  // As far as the system allows: a limit on locked memory is no reason not to run.
  static_cast<void>(::mlock(pages, mapped_));
  static_cast<void>(::madvise(pages, mapped_, MADV_DONTDUMP));
  static_cast<void>(::madvise(pages, mapped_, MADV_WIPEONFORK));
  std::memcpy(pages, value.data(), value.size());
  text_ = {static_cast<const char*>(pages), value.size()};
}

SecretValue::~SecretValue() {
  void* pages = const_cast<char*>(text_.data());
  OPENSSL_cleanse(pages, mapped_);
  ::munmap(pages, mapped_);
}

Secrets::Secrets(std::map<std::string, SecretReference> references, SecretEnvironment& environment)
    : references_(std::move(references)) {
  for (const auto& [name, reference] : references_)
    if (reference.kind == SecretReference::Kind::kEnvironment)
      held_[name].value = environment.take(reference.location);
}

Result<std::shared_ptr<const SecretValue>> Secrets::acquire(const std::string& name) {
  const std::scoped_lock lock(mutex_);
  const auto reference = references_.find(name);
  if (reference == references_.end()) return no_such_secret(name);
  Held& held = held_[name];
  if (reference->second.kind == SecretReference::Kind::kFile)
    return acquire_file(reference->second, held);
  if (held.value) return held.value;
  return Error{Status::kAuth, unset_variable_text(reference->second.location)};
}

Result<std::shared_ptr<const SecretValue>> Secrets::acquire_file(const SecretReference& reference,
                                                                 Held& held) {
  const Result<FileIdentity> now = secret_file_identity(reference.location);
  if (!now) return now.error();
  if (held.value && *now == held.identity) return held.value;
  SecretFileBytes bytes;
  const Result<FileIdentity> read = bytes.read(reference.location);
  if (!read) return read.error();
  held.identity = *read;
  // Touched or copied over with the same text: not rotated.
  if (!held.value || held.value->text() != bytes.text()) {
    const uint64_t generation = held.value ? held.value->generation() + 1 : 1;
    held.value = std::make_shared<const SecretValue>(bytes.text(), generation);
  }
  return held.value;
}

std::vector<Mistake> Secrets::problems() {
  std::vector<Mistake> result;
  for (const auto& [name, reference] : references_) {
    const auto value = acquire(name);
    if (!value) result.push_back({reference.place, reference.key_path, value.error().text});
  }
  return result;
}

}  // namespace host
