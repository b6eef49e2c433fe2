/* A shared object that is no plugin, and shows in the environment that it was loaded. */
#include <stdlib.h>

int foreign_function(void);
int foreign_function(void) { return 1; }

__attribute__((constructor)) static void loaded(void) { setenv("FOREIGN_WAS_LOADED", "1", 1); }
