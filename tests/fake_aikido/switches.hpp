// What Aikido's documents leave open, each as a switch: a client must be right whichever way it is.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fake_aikido {

enum class Order {
  kAscending,   // by time
  kDescending,  // by time
  kById,        // by the record's number, whatever its time
  kScrambled,   // by nothing one could know, but the same at every request
};

// How records of one second follow each other.
enum class Ties { kAsAdded, kAscendingId, kDescendingId };

struct Switches {
  Order order = Order::kDescending;
  Ties ties = Ties::kAscendingId;
  bool start_inclusive = true;
  bool end_inclusive = false;
  bool next_page_header = false;     // X-Has-Next-Page
  bool filter_after_paging = false;  // pages come out short or empty; needs the header
  bool both_id_filters = true;       // repository and cloud must both match, else one is enough
  int64_t retention_s = 0;           // older records are not listed; 0: all are
  int64_t default_per_page = 20;

  bool pretty = false;             // pages with white space between the tokens
  bool gzip = true;                // where the client accepts it
  bool close_connections = false;  // after each answer
  bool sends_date = true;          // with each answer, as RFC 9110 asks for

  int64_t clock_offset_s = 0;  // how far the stand-in's clock is ahead of the true time
  int64_t token_life_s = 3600;
  bool refuse_credentials_with_400 = false;  // else with 401

  size_t quota = 20;  // calls in a rolling minute and workspace
  bool token_calls_count = true;
};

}  // namespace fake_aikido
