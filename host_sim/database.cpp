#include "host_sim/database.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <system_error>

#include "host_sim/disk_trouble.hpp"

namespace host {
namespace {

// What the system said. At a commit that fails SQLite itself forgets it; the log's file does not.
int reason_of(sqlite3* database) {
  sqlite3_file* log = nullptr;
  int reason = 0;
  if (sqlite3_file_control(database, nullptr, SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
      log && log->pMethods)
    log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &reason);
  return reason != 0 ? reason : sqlite3_system_errno(database);
}

// The errno that stands for a failure; 0 where SQLite found out by itself.
int error_number(sqlite3* database, int code) {
  const auto or_else = [](int reason, int fallback) { return reason == 0 ? fallback : reason; };
  switch (code) {
    case SQLITE_FULL:
      return ENOSPC;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return EACCES;
    case SQLITE_CANTOPEN:
      return or_else(reason_of(database), EACCES);
    case SQLITE_IOERR:
      return or_else(reason_of(database), EIO);
    default:
      return 0;
  }
}

// CHECKPOINT when the bytes are at fault; else the place is, and that passes.
Error failure(const std::string& path, sqlite3* database) {
  const int code = sqlite3_errcode(database) & 0xFF;
  std::string text = path + ": " + sqlite3_errmsg(database);
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB) return {Status::kCheckpoint, text};
  const int reason = error_number(database, code);
  if (reason != 0) text += " (" + std::generic_category().message(reason) + ")";
  return {Status::kTransient,
          text + disk_remedy(reason) + "; once that is mended, collection goes on by itself"};
}

// SQLite is told to follow no link; a folder behind one is an operator's choice all the same.
std::filesystem::path in_real_folder(const std::filesystem::path& path) {
  std::error_code missing;
  const std::filesystem::path folder = std::filesystem::canonical(path.parent_path(), missing);
  return missing ? path : folder / path.filename();
}

// Pages are taken from the heap as they are needed: a block of twenty or more for each connection
// costs a run without much to write more than the writing.
void take_no_pages_ahead() {
  static const int once = sqlite3_config(SQLITE_CONFIG_PAGECACHE, nullptr, 0, 0);
  static_cast<void>(once);
}

// As SQLite wants a file that it is told something about.
std::string uri_of(const std::filesystem::path& path, const char* options) {
  std::string uri = "file:";
  for (const char letter : path.string()) {
    const bool special = letter == '%' || letter == '?' || letter == '#';
    uri += special ? (letter == '%'   ? "%25"
                      : letter == '?' ? "%3f"
                                      : "%23")
                   : std::string(1, letter);
  }
  return uri + options;
}

std::string bytes_of(const void* data, int size) {
  return size == 0 ? std::string() : std::string(static_cast<const char*>(data), size);
}

}  // namespace

void StatementEnd::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

void Database::Closer::operator()(sqlite3* database) const { sqlite3_close(database); }

Statement::Statement(IdleStatements::node_type statement, std::shared_ptr<IdleStatements> idle,
                     std::string path)
    : statement_(std::move(statement)), idle_(std::move(idle)), path_(std::move(path)) {}

Statement::~Statement() {
  if (!statement_) return;
  reset();
  idle_->insert(std::move(statement_));
}

Statement& Statement::bind(int index, int64_t value) {
  sqlite3_bind_int64(get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view text) {
  sqlite3_bind_text64(get(), index, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8);
  return *this;
}

Statement& Statement::bind_blob(int index, std::string_view bytes) {
  // A null pointer would be bound as NULL, and an empty checkpoint is no NULL.
  sqlite3_bind_blob64(get(), index, bytes.empty() ? "" : bytes.data(), bytes.size(), SQLITE_STATIC);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return failure(path_, sqlite3_db_handle(get()));
}

void Statement::reset() {
  sqlite3_reset(get());
  sqlite3_clear_bindings(get());
}

int64_t Statement::integer(int column) const { return sqlite3_column_int64(get(), column); }

std::string Statement::text(int column) const {
  const void* data = sqlite3_column_text(get(), column);
  return bytes_of(data, sqlite3_column_bytes(get(), column));
}

std::string Statement::blob(int column) const {
  const void* data = sqlite3_column_blob(get(), column);
  return bytes_of(data, sqlite3_column_bytes(get(), column));
}

Database::Database(sqlite3* database, std::string path)
    : database_(database), path_(std::move(path)) {}

Result<Database> Database::open(const std::filesystem::path& path) {
  return open(path, in_real_folder(path).string(), SQLITE_OPEN_READWRITE);
}

Result<Database> Database::open_unchanging(const std::filesystem::path& path) {
  return open(path, uri_of(in_real_folder(path), "?immutable=1"),
              SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

Result<Database> Database::open(const std::filesystem::path& path, const std::string& name,
                                int mode) {
  take_no_pages_ahead();
  sqlite3* opened = nullptr;
  const int flags = mode | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_FULLMUTEX;
  const int code = sqlite3_open_v2(name.c_str(), &opened, flags, nullptr);
  Database database(opened, path.string());
  if (code != SQLITE_OK) return failure(database.path_, opened);
  sqlite3_busy_timeout(opened, 5000);  // a reader of `state show` may be in the way for a moment
  return database;
}

Result<void> Database::execute(const char* sql) {
  const Result<int64_t> done = integer(sql);
  return done ? Result<void>() : done.error();
}

Result<void> Database::execute_all(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return failure(path_, database_.get());
}

Result<Statement> Database::prepare(const char* sql) {
  IdleStatements::node_type known = idle_->extract(std::string(sql));
  if (known) return Statement(std::move(known), idle_, path_);
  sqlite3_stmt* compiled = nullptr;
  if (sqlite3_prepare_v3(database_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &compiled, nullptr) !=
      SQLITE_OK)
    return failure(path_, database_.get());
  const auto kept = idle_->emplace(sql, OwnedStatement(compiled));
  return Statement(idle_->extract(kept), idle_, path_);
}

Result<int64_t> Database::integer(const char* sql) {
  Result<Statement> statement = prepare(sql);
  if (!statement) return std::move(statement).error();
  const Result<bool> row = statement->step();
  if (!row) return row.error();
  return *row ? statement->integer(0) : 0;
}

}  // namespace host
