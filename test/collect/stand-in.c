/* A harmless stand-in for what hides: it keeps a processor busy with counting, and hashes nothing. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double seconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

/* Runs on from memory, without a file. */
static void leave_the_disk(char **arguments) {
  static char program[1 << 22];
  FILE *self = fopen("/proc/self/exe", "rb");
  size_t size = fread(program, 1, sizeof program, self);
  int memory = memfd_create("stand-in", 0);
  if (write(memory, program, size) != (ssize_t)size) exit(1);
  unsetenv("STAND_IN_MEMORY");
  fexecve(memory, arguments, environ);
  exit(1);
}

int main(int count, char **arguments) {
  const char *name = getenv("STAND_IN_NAME");
  double share = getenv("STAND_IN_SHARE") ? atof(getenv("STAND_IN_SHARE")) : 1;
  double end = seconds(CLOCK_MONOTONIC) + (getenv("STAND_IN_SECONDS") ? atof(getenv("STAND_IN_SECONDS")) : 60);
  setpriority(PRIO_PROCESS, 0, -5);
  if (name && strcmp(arguments[0], name)) {
    char *renamed[] = {(char *)name, NULL};
    execv("/proc/self/exe", renamed);
  }
  if (getenv("STAND_IN_MEMORY")) leave_the_disk(arguments);
  if (name) prctl(PR_SET_NAME, name);
  if (getenv("STAND_IN_PINNED")) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    sched_setaffinity(0, sizeof one, &one);
  }
  puts("at work");
  fflush(stdout);
  volatile unsigned long counted = 0;
  double start = seconds(CLOCK_MONOTONIC), used = seconds(CLOCK_THREAD_CPUTIME_ID);
  /* Its share of a processor, as far as others let it. */
  while (seconds(CLOCK_MONOTONIC) < end) {
    double until = seconds(CLOCK_THREAD_CPUTIME_ID) + 0.005;
    while (seconds(CLOCK_THREAD_CPUTIME_ID) < until)
      for (int at = 0; at < 10000; at++) counted++;
    while (seconds(CLOCK_THREAD_CPUTIME_ID) - used > share * (seconds(CLOCK_MONOTONIC) - start)) usleep(2000);
  }
  return count < 0;
}
