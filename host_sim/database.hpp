// SQLite behind results: a connection and its statements, closed by their owners.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "plugin_api/connector_plugin.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace host {

using connector::Error;
using connector::Result;
using connector::Status;

struct StatementEnd {
  void operator()(sqlite3_stmt* statement) const;
};
using OwnedStatement = std::unique_ptr<sqlite3_stmt, StatementEnd>;

// A connection's statements that nobody uses, by their text: to compile one takes as long as most
// of them run.
using IdleStatements = std::multimap<std::string, OwnedStatement>;

// One statement, its parameters numbered from 1 and its columns from 0. One thread at a time, and
// not longer than its connection.
class Statement {
 public:
  Statement(IdleStatements::node_type statement, std::shared_ptr<IdleStatements> idle,
            std::string path);
  ~Statement();
  Statement(Statement&&) = default;
  Statement& operator=(Statement&&) = delete;

  Statement& bind(int index, int64_t value);
  Statement& bind(int index, std::string_view text);
  Statement& bind_blob(int index, std::string_view bytes);

  // True: a row is there to be read. False: done. Bound views must live until then.
  Result<bool> step();
  // To be stepped again, with parameters bound anew.
  void reset();

  int64_t integer(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;

 private:
  sqlite3_stmt* get() const { return statement_.mapped().get(); }

  IdleStatements::node_type statement_;
  std::shared_ptr<IdleStatements> idle_;
  std::string path_;
};

// One connection. One thread at a time. Its errors: CHECKPOINT where the file is damaged or no
// database, TRANSIENT with the remedy for what concerns the disk or the user's rights.
class Database {
 public:
  // The file must exist: nothing here ever creates one by accident. One that this user cannot write
  // is opened for reading alone.
  static Result<Database> open(const std::filesystem::path& path);
  // For reading a file that nobody writes to; puts nothing beside it.
  static Result<Database> open_unchanging(const std::filesystem::path& path);
  Database(Database&&) = default;
  Database& operator=(Database&&) = delete;  // it would close before its statements end

  // One statement, which is kept compiled.
  Result<void> execute(const char* sql);
  // Any number of them, compiled anew. A PRAGMA that sets something does so as it is compiled.
  Result<void> execute_all(const char* sql);
  Result<Statement> prepare(const char* sql);
  // The one integer that a query (a PRAGMA) answers.
  Result<int64_t> integer(const char* sql);

 private:
  struct Closer {
    void operator()(sqlite3* database) const;
  };
  Database(sqlite3* database, std::string path);
  static Result<Database> open(const std::filesystem::path& path, const std::string& name,
                               int mode);

  std::unique_ptr<sqlite3, Closer> database_;
  std::shared_ptr<IdleStatements> idle_ = std::make_shared<IdleStatements>();
  std::string path_;
};

// Runs a statement for each element, whose parameters `bind` sets.
template <class Elements, class Bind>
Result<void> run_each(Database& database, const char* sql, const Elements& elements, Bind&& bind) {
  if (std::empty(elements)) return {};
  Result<Statement> statement = database.prepare(sql);
  if (!statement) return std::move(statement).error();
  for (const auto& element : elements) {
    statement->reset();
    bind(*statement, element);
    const Result<bool> done = statement->step();
    if (!done) return done.error();
  }
  return {};
}

}  // namespace host
