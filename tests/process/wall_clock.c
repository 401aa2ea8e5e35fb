// LD_PRELOAD: the wall clock of one program runs as many seconds off as the file named by
// DOCKLINE_WALL_CLOCK says (8 bytes, mapped, may change at any time). Monotonic clocks and timers are
// not touched. libfaketime is no choice: it moves timerfd's "at once" into the future as well.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t* offset_file;

static int64_t offset_s(void) {
  if (!offset_file) {
    const char* path = getenv("DOCKLINE_WALL_CLOCK");
    const int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0) return 0;
    void* map = mmap(NULL, sizeof *offset_file, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (map == MAP_FAILED) return 0;
    offset_file = map;
  }
  return *offset_file;
}

int clock_gettime(clockid_t clock, struct timespec* out) {
  const long failed = syscall(SYS_clock_gettime, clock, out);
  if (failed == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    out->tv_sec += offset_s();
  }
  return (int)failed;
}

int gettimeofday(struct timeval* restrict out, void* restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out) *out = now.tv_sec;
  return now.tv_sec;
}

// The kernel waits on its own clock: a deadline read from ours is translated. Whether a condition
// waits on the wall clock cannot be asked; a deadline nearer to the monotonic clock is left alone.
static struct timespec real(const struct timespec* at) {
  struct timespec mono, wall, out = *at;
  syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &mono);
  clock_gettime(CLOCK_REALTIME, &wall);
  if (llabs(at->tv_sec - wall.tv_sec) < llabs(at->tv_sec - mono.tv_sec)) out.tv_sec -= offset_s();
  return out;
}

int pthread_cond_timedwait(pthread_cond_t* restrict c, pthread_mutex_t* restrict m,
                           const struct timespec* restrict at) {
  static int (*next)(pthread_cond_t*, pthread_mutex_t*, const struct timespec*);
  if (!next) *(void**)&next = dlvsym(RTLD_NEXT, "pthread_cond_timedwait", "GLIBC_2.3.2");
  const struct timespec translated = real(at);
  return next(c, m, &translated);
}

int sem_timedwait(sem_t* restrict s, const struct timespec* restrict at) {
  static int (*next)(sem_t*, const struct timespec*);
  if (!next) *(void**)&next = dlsym(RTLD_NEXT, "sem_timedwait");
  const struct timespec translated = real(at);
  return next(s, &translated);
}
