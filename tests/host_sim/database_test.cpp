// Statements are kept compiled from one use to the next, and nothing else of a use is.
#include "host_sim/database.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "tests/support/files.hpp"

namespace host {
namespace {

class KeptStatements : public testing::Test {
 protected:
  KeptStatements() {
    test_support::write_file(folder_ / "some.db", "");
    database_.emplace(*Database::open(folder_ / "some.db"));
    EXPECT_TRUE(
        database_->execute_all("CREATE TABLE numbers(n); INSERT INTO numbers VALUES(1),(2)"));
  }

  Statement prepared(const char* sql) { return *database_->prepare(sql); }

  test_support::TemporaryFolder folder_;
  std::optional<Database> database_;
};

TEST_F(KeptStatements, TwoStatementsOfOneTextStepApart) {
  constexpr const char* kSelect = "SELECT n FROM numbers ORDER BY n";
  Statement first = prepared(kSelect);
  EXPECT_TRUE(*first.step());
  Statement second = prepared(kSelect);
  EXPECT_TRUE(*first.step());
  EXPECT_TRUE(*second.step());
  EXPECT_EQ(first.integer(0), 2);
  EXPECT_EQ(second.integer(0), 1);
}

TEST_F(KeptStatements, AStatementThatWasUsedBeginsAnew) {
  constexpr const char* kSelect = "SELECT coalesce(?, 'nothing'), n FROM numbers ORDER BY n";
  {
    Statement used = prepared(kSelect);
    EXPECT_TRUE(*used.bind(1, std::string_view("bound")).step());
    EXPECT_EQ(used.text(0), "bound");
  }
  Statement again = prepared(kSelect);
  EXPECT_TRUE(*again.step());
  EXPECT_EQ(again.text(0), "nothing");
  EXPECT_EQ(again.integer(1), 1);
}

TEST_F(KeptStatements, AStatementLeftAmidItsRowsHoldsNoLock) {
  EXPECT_TRUE(*prepared("SELECT n FROM numbers").step());
  Result<Database> other = Database::open(folder_ / "some.db");
  EXPECT_TRUE(other->execute("DELETE FROM numbers"));
  EXPECT_EQ(*database_->integer("SELECT count(*) FROM numbers"), 0);
}

TEST_F(KeptStatements, AStatementThatFailedCanBeTriedAgain) {
  EXPECT_TRUE(database_->execute("CREATE UNIQUE INDEX each ON numbers(n)"));
  EXPECT_FALSE(database_->execute("INSERT INTO numbers VALUES(2)"));
  EXPECT_TRUE(database_->execute("DELETE FROM numbers"));
  EXPECT_TRUE(database_->execute("INSERT INTO numbers VALUES(2)"));
}

TEST_F(KeptStatements, AStatementFollowsItsTables) {
  constexpr const char* kCount = "SELECT count(*) FROM numbers";
  EXPECT_EQ(*database_->integer(kCount), 2);
  EXPECT_TRUE(database_->execute("DROP TABLE numbers"));
  EXPECT_FALSE(database_->integer(kCount));
  EXPECT_TRUE(database_->execute("CREATE TABLE numbers(other, n)"));
  EXPECT_EQ(*database_->integer(kCount), 0);
}

}  // namespace
}  // namespace host
