// Parts of the C library that Swift's Glibc module does not export.
#pragma once

#if defined(__linux__)
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <netinet/tcp.h>
#endif
