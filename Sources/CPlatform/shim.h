// Parts of the C library that Swift's Glibc module does not export.
#pragma once

#if defined(__linux__)
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// Declared by the system under _GNU_SOURCE only, which must be the same for all modules of a program.
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);
extern int pthread_setname_np(pthread_t thread, const char *name);
extern int pipe2(int ends[2], int flags);
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
static inline void cplatform_set_thread_name(const char *name) { pthread_setname_np(pthread_self(), name); }

// Constants that are macros over enumerations, which Swift cannot import as integers.
static inline int cplatform_socket_stream(void) { return SOCK_STREAM; }
static inline int cplatform_accept_nonblocking(int descriptor) {
    return accept4(descriptor, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
}
static inline int cplatform_socket_nonblocking(int family) {
    return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}
static inline unsigned int cplatform_epoll_in(void) { return EPOLLIN; }
static inline unsigned int cplatform_epoll_out(void) { return EPOLLOUT; }
static inline unsigned int cplatform_epoll_err(void) { return EPOLLERR; }
static inline unsigned int cplatform_epoll_hup(void) { return EPOLLHUP; }
static inline unsigned int cplatform_epoll_rdhup(void) { return EPOLLRDHUP; }
static inline int cplatform_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }
static inline int cplatform_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline int cplatform_message_nosignal(void) { return MSG_NOSIGNAL; }
static inline int cplatform_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }
static inline int cplatform_spawn_in(posix_spawn_file_actions_t *actions, const char *directory) {
    return posix_spawn_file_actions_addchdir_np(actions, directory);
}

#elif defined(__APPLE__)
#include <pthread.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spawn.h>
#include <sys/event.h>
#include <sys/socket.h>
#include <unistd.h>

static inline void cplatform_set_thread_name(const char *name) { pthread_setname_np(name); }
static inline int cplatform_prepare(int descriptor) {
    if (descriptor < 0) return descriptor;
    int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    return descriptor;
}
static inline int cplatform_socket_stream(void) { return SOCK_STREAM; }
static inline int cplatform_accept_nonblocking(int descriptor) { return cplatform_prepare(accept(descriptor, 0, 0)); }
static inline int cplatform_socket_nonblocking(int family) { return cplatform_prepare(socket(family, SOCK_STREAM, 0)); }
static inline int cplatform_message_nosignal(void) { return 0; }
static inline int cplatform_pipe(int *ends) {
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
}
static inline int cplatform_spawn_in(posix_spawn_file_actions_t *actions, const char *directory) {
    return posix_spawn_file_actions_addchdir_np(actions, directory);
}
#endif
