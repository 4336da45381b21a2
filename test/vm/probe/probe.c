// Stands in the place of a caged program, under its very unit, and tries what an attacker would try from there. Every
// line it says is something that worked; "refused" lines count what did not; "call" lines tell each outcome.
// Given "collect" it is the one outside who waits for the three and reports.

#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void say(const char *format, ...) {
  char line[8192];
  va_list words;
  va_start(words, format);
  int length = vsnprintf(line, sizeof line, format, words);
  va_end(words);
  if (write(2, line, length < (int)sizeof line ? length : (int)sizeof line) < 0) _exit(9);
}

// ---------------------------------------------------------------- sockets

static void sockets(void) {
  int refused = 0;
  for (int family = 0; family <= 45; family++)
    for (int type = 1; type <= 5; type++) {
      int fd = socket(family, type, 0);
      if (fd < 0) refused++;
      else say("socket %d/%d\n", family, type), close(fd);
    }
  say("refused sockets %d\n", refused);
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) say("socketpair\n");
}

static void connects(const char *path) {
  for (int type = SOCK_STREAM; type <= SOCK_SEQPACKET; type++) {
    int fd = socket(AF_UNIX, type, 0);
    if (fd < 0) continue;
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    strncpy(to.sun_path, path, sizeof to.sun_path - 1);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    if (connect(fd, (struct sockaddr *)&to, sizeof to) == 0) say("connect %s\n", path);
    close(fd);
  }
}

// ---------------------------------------------------------------- programs

// 0: it became another program (and was ended at once); else why not.
static int becomes(int fd, const char *path) {
  int told[2];
  if (pipe2(told, O_CLOEXEC) < 0) return errno;
  pid_t child = fork();
  if (child < 0) return errno;
  if (child == 0) {
    // What it says, if it comes to that, is no word of ours.
    int nowhere = open("/dev/null", O_RDWR);
    for (int at = 0; at < 3; at++) dup2(nowhere, at);
    char *const none[] = {(char *)path, NULL};
    if (fd >= 0) syscall(SYS_execveat, fd, "", none, none + 1, AT_EMPTY_PATH);
    else execve(path, none, none + 1);
    int why = errno;
    if (write(told[1], &why, sizeof why) < 0) _exit(1);
    _exit(0);
  }
  close(told[1]);
  int why = 0;
  if (read(told[0], &why, sizeof why) <= 0) why = 0;
  close(told[0]);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  return why;
}

static void from_memory(void) {
  int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  int fd = memfd_create("program", MFD_CLOEXEC);
  if (fd < 0 || from < 0) {
    say("call exec-from-memory %s\n", strerrorname_np(errno));
    return;
  }
  char block[65536];
  for (ssize_t got; (got = read(from, block, sizeof block)) > 0;)
    if (write(fd, block, got) != got) break;
  int why = becomes(fd, "memory");
  say("call exec-from-memory %s\n", why == 0 ? "ok" : strerrorname_np(why));
  close(fd);
  close(from);
}

// ---------------------------------------------------------------- files

static int programs_refused, reads_refused, writes_refused, places_refused, reads_in_usr;

static int opens(const char *path, int how) {
  int fd = open(path, how | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_NOFOLLOW);
  if (fd >= 0) close(fd);
  return fd >= 0;
}

static void file(const char *path, mode_t mode) {
  int usr = strncmp(path, "/usr/", 5) == 0;
  if (opens(path, O_WRONLY)) say("write %s\n", path);
  else writes_refused++;
  if (!opens(path, O_RDONLY)) reads_refused++;
  else if (usr) reads_in_usr++;
  else if (strncmp(path, "/sys/", 5) != 0) say("read %s\n", path);
  if ((mode & 0111) == 0) return;
  if (becomes(-1, path) == 0) say("exec %s\n", path);
  else programs_refused++;
}

static void device(const char *path) {
  int reads = opens(path, O_RDONLY), writes = opens(path, O_WRONLY);
  if (reads || writes) say("device %s %s%s\n", path, reads ? "r" : "", writes ? "w" : "");
}

static void place(const char *path) {
  char inside[4200];
  snprintf(inside, sizeof inside, "%s/.probe", path);
  int fd = open(inside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    places_refused++;
    return;
  }
  close(fd);
  unlink(inside);
  say("create %s\n", path);
}

static void walk(const char *path) {
  if (strcmp(path, "/proc") == 0) return;
  place(path[0] == 0 ? "/" : path);
  DIR *folder = opendir(path[0] == 0 ? "/" : path);
  if (!folder) return;
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    char inside[4096];
    if (snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name) >= (int)sizeof inside) continue;
    struct stat its;
    if (lstat(inside, &its) < 0) continue;
    if (S_ISDIR(its.st_mode)) walk(inside);
    else if (S_ISREG(its.st_mode)) file(inside, its.st_mode);
    else if (S_ISCHR(its.st_mode) || S_ISBLK(its.st_mode) || S_ISFIFO(its.st_mode)) device(inside);
    else if (S_ISSOCK(its.st_mode)) connects(inside);
    if (its.st_mode & (S_ISUID | S_ISGID) && S_ISREG(its.st_mode)) say("setuid %s\n", inside);
  }
  closedir(folder);
}

// Lines of buttons and lights: what can be written below a controller.
static void lines(void) {
  DIR *folder = opendir("/sys/class/gpio");
  if (!folder) return;
  for (struct dirent *entry; (entry = readdir(folder));) {
    if (strncmp(entry->d_name, "gpio", 4) != 0) continue;
    for (int at = 0; at < 4; at++) {
      const char *what = (const char *[]){"value", "direction", "edge", "active_low"}[at];
      const char *word = (const char *[]){"1", "out", "none", "1"}[at];
      char path[512];
      snprintf(path, sizeof path, "/sys/class/gpio/%s/%s", entry->d_name, what);
      int fd = open(path, O_WRONLY | O_CLOEXEC);
      if (fd < 0) continue;
      ssize_t done = write(fd, word, strlen(word));
      say("drive %s/%s %s\n", entry->d_name, what, done > 0 ? "ok" : strerrorname_np(errno));
      close(fd);
    }
  }
  closedir(folder);
}

// ---------------------------------------------------------------- others, and the kernel

static void processes(void) {
  DIR *folder = opendir("/proc");
  if (folder) {
    for (struct dirent *entry; (entry = readdir(folder));) {
      char path[512];
      snprintf(path, sizeof path, "/proc/%s/environ", entry->d_name);
      if (entry->d_name[0] < '0' || entry->d_name[0] > '9') {
        if (entry->d_name[0] != '.') say("proc %s\n", entry->d_name);
      } else if (atoi(entry->d_name) != getpid()) say("process %s%s\n", entry->d_name, opens(path, O_RDONLY) ? " read" : "");
    }
    closedir(folder);
  }
  for (int pid = 2; pid < 4096; pid++)
    if (pid != getpid() && kill(pid, 0) == 0) say("signal %d\n", pid);
}

static void call(const char *name, long result) {
  say("call %s %s\n", name, result < 0 ? strerrorname_np(errno) : "ok");
}
#define TRY(name, ...) call(#name, syscall(SYS_##name, __VA_ARGS__))

static void calls(void) {
  pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  char word[8] = "mine";
  struct iovec here = {word, 4}, there = {word, 4};
  errno = 0;
  call("ptrace", ptrace(PTRACE_SEIZE, child, 0, 0));
  call("process_vm_readv", process_vm_readv(child, &here, 1, &there, 1, 0));
  call("process_vm_writev", process_vm_writev(child, &here, 1, &there, 1, 0));
  TRY(pidfd_getfd, syscall(SYS_pidfd_open, child, 0), 0, 0);
  TRY(kcmp, getpid(), child, 0, 0, 0);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);

  TRY(mount, "none", "/tmp", "tmpfs", 0, 0);
  TRY(umount2, "/", 2);
  TRY(pivot_root, "/tmp", "/tmp");
  TRY(chroot, "/tmp");
  TRY(fsopen, "tmpfs", 0);
  TRY(open_tree, -1, "/", 1);
  TRY(unshare, 0x10000000); // CLONE_NEWUSER
  TRY(unshare, 0x40000000); // CLONE_NEWNET
  TRY(setns, 0, 0);
  char nothing[128] = {0};
  TRY(bpf, 0, nothing, sizeof nothing);
  TRY(perf_event_open, nothing, 0, -1, -1, 0);
  TRY(userfaultfd, 0);
  TRY(io_uring_setup, 1, nothing);
  TRY(kexec_load, 0, 0, 0, 0);
  TRY(kexec_file_load, -1, -1, 0, "", 0);
  TRY(init_module, nothing, 1, "");
  TRY(finit_module, 0, "", 0);
  TRY(delete_module, "none", O_NONBLOCK);
  TRY(reboot, 0xfee1dead, 672274793, 0, 0); // CAD_OFF: harmless where it works
  TRY(swapon, "/none", 0);
  TRY(swapoff, "/none");
  TRY(acct, 0);
  TRY(syslog, 3, nothing, sizeof nothing);
  TRY(add_key, "user", "probe", "x", 1, -2);
  TRY(request_key, "user", "probe", 0, -2);
  TRY(keyctl, 0, -2, 1);
  long now[2] = {0, 0};
  TRY(clock_settime, 0, now);
  TRY(settimeofday, now, 0);
  TRY(adjtimex, nothing);
  TRY(sethostname, "x", 1);
  TRY(setuid, 0);
  TRY(setresuid, 0, 0, 0);
  TRY(setgroups, 0, 0);
  TRY(fchownat, AT_FDCWD, "/tmp", 0, 0, 0);
  TRY(mknodat, AT_FDCWD, "/tmp/.null", S_IFCHR | 0600, 0x103);
  TRY(open_by_handle_at, -1, nothing, 0);
  TRY(name_to_handle_at, AT_FDCWD, "/", nothing, nothing, 0);
  TRY(quotactl, 0, 0, 0, 0);
  TRY(personality, 0x0400000); // READ_IMPLIES_EXEC
  TRY(setpriority, 0, 0, -20);
  TRY(sched_setscheduler, 0, 1, &(int){1});
  TRY(prlimit64, 0, 4, (unsigned long[]){1, ~0UL}, 0);
  TRY(capset, (int[]){0x20080522, 0}, (int[]){1 << 21, 1 << 21, 0, 0, 0, 0});
  call("map-and-run", (long)mmap(0, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  TRY(bind, 0, nothing, 16);
  TRY(listen, 0, 1);
  TRY(fanotify_init, 0, 0);
  TRY(lookup_dcookie, 0, nothing, 8);
  TRY(mbind, 0, 0, 0, 0, 0, 0);
  TRY(process_madvise, 0, 0, 0, 0, 0);
#ifdef SYS_iopl
  TRY(iopl, 3);
  TRY(ioperm, 0x70, 2, 1);
#endif
  call("push-to-terminal", ioctl(0, TIOCSTI, "x"));
}

static void status(void) {
  FILE *own = fopen("/proc/self/status", "r");
  char line[512];
  while (own && fgets(line, sizeof line, own))
    if (strncmp(line, "Cap", 3) == 0 || strncmp(line, "Seccomp:", 8) == 0 || strncmp(line, "NoNewPrivs", 10) == 0 ||
        strncmp(line, "Groups", 6) == 0 || strncmp(line, "Uid", 3) == 0)
      say("status %s", line);
  if (own) fclose(own);
}

static void probe(void) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
  status();
  sockets();
  from_memory();
  lines();
  processes();
  calls();
  walk("");
  say("refused programs %d\nrefused reads %d\nrefused writes %d\nrefused places %d\nread below /usr %d\nend\n",
      programs_refused, reads_refused, writes_refused, places_refused, reads_in_usr);
}

// ---------------------------------------------------------------- outside

static int port(void) {
  for (;; usleep(100000)) {
    DIR *folder = opendir("/sys/class/virtio-ports");
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
      char path[512], name[64] = "";
      snprintf(path, sizeof path, "/sys/class/virtio-ports/%s/name", entry->d_name);
      FILE *its = fopen(path, "r");
      if (!its) continue;
      char *got = fgets(name, sizeof name, its);
      fclose(its);
      snprintf(path, sizeof path, "/dev/%s", entry->d_name);
      if (got && strncmp(name, "report", 6) == 0) return closedir(folder), open(path, O_WRONLY);
    }
    if (folder) closedir(folder);
  }
}

static void collect(void) {
  static char all[1 << 20];
  int out = port();
  for (int at = 0; at < 3; at++) {
    const char *name = (const char *[]){"firn", "eye", "glass"}[at];
    char path[64];
    snprintf(path, sizeof path, "/run/firn-said/%s", name);
    ssize_t length = 0;
    do {
      usleep(200000);
      int fd = open(path, O_RDONLY);
      length = fd < 0 ? 0 : read(fd, all, sizeof all - 1);
      all[length < 0 ? 0 : length] = 0;
      if (fd >= 0) close(fd);
    } while (!strstr(all, "\nend\n"));
    dprintf(out, "program %s\n", name);
    for (ssize_t done = 0; done < length;) done += write(out, all + done, length - done);
  }
}

int main(int count, char **words) {
  if (count == 2 && strcmp(words[1], "collect") == 0) collect();
  else if (count > 1 && strstr(words[count - 1], "/device/pi/") && !strstr(words[count - 1], "/root/")) {
    probe();
    for (;;) pause();
  }
  return 0;
}
