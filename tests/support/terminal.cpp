#include "tests/support/terminal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace test_support {
namespace {

int checked(int result) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), "pseudo-terminal");
  return result;
}

}  // namespace

Terminal::Terminal(unsigned short columns, unsigned short rows) {
  master_ = checked(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  checked(::grantpt(master_));
  checked(::unlockpt(master_));
  char name[128];
  if (const int error = ::ptsname_r(master_, name, sizeof name); error != 0)
    throw std::system_error(error, std::generic_category(), "pseudo-terminal");
  path_ = name;
  slave_ = checked(::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
  wake_ = checked(::eventfd(0, EFD_CLOEXEC));
  resize(columns, rows);
  reader_ = std::thread([this] { collect(); });
}

Terminal::~Terminal() {
  ::eventfd_write(wake_, 1);
  reader_.join();
  for (const int file : {wake_, slave_, master_}) ::close(file);
}

void Terminal::resize(unsigned short columns, unsigned short rows) {
  const winsize size{rows, columns, 0, 0};
  const std::lock_guard lock(mutex_);
  sizes_.push_back({written_.size(), columns, rows});
  checked(::ioctl(master_, TIOCSWINSZ, &size));
}

void Terminal::type(std::string_view keys) {
  if (::write(master_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
    throw std::system_error(errno, std::generic_category(), "pseudo-terminal");
}

Screen Terminal::screen() const {
  const std::lock_guard lock(mutex_);
  Screen screen(sizes_.front().columns, sizes_.front().rows);
  for (size_t i = 0; i < sizes_.size(); ++i) {
    if (i > 0) screen.resize(sizes_[i].columns, sizes_[i].rows);
    const size_t end = i + 1 < sizes_.size() ? sizes_[i + 1].from : written_.size();
    screen.write(std::string_view(written_).substr(sizes_[i].from, end - sizes_[i].from));
  }
  return screen;
}

std::string Terminal::written() const {
  const std::lock_guard lock(mutex_);
  return written_;
}

void Terminal::collect() {
  for (;;) {
    pollfd files[] = {{master_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (::poll(files, 2, -1) < 0 && errno != EINTR) return;
    if ((files[0].revents & POLLIN) != 0) {
      char bytes[4096];
      const ssize_t got = ::read(master_, bytes, sizeof bytes);
      if (got <= 0) return;
      const std::lock_guard lock(mutex_);
      written_.append(bytes, static_cast<size_t>(got));
    } else if (files[1].revents != 0) {
      return;
    }
  }
}

}  // namespace test_support
