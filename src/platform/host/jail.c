/* SPDX-License-Identifier: Apache-2.0 */
#include "host/jail.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

static bool fail_errno(struct error *err, const char *what, int code)
{
	return fail_detail(err, ERROR_UNAVAILABLE, what, ERROR_NOWHERE, strerror(code));
}

/* --- Landlock: which files --- */

/* As the kernel's headers have them; Debian 12's end with version 2. */
struct ruleset {
	uint64_t files, net, scoped;
};
#define RIGHTS_1 ((UINT64_C(1) << 13) - 1)
#define RIGHT_REFER (UINT64_C(1) << 13)    /* version 2 */
#define RIGHT_TRUNCATE (UINT64_C(1) << 14) /* version 3 */
#define RIGHT_IOCTL (UINT64_C(1) << 15)    /* version 5 */
#define NET_ALL UINT64_C(3)                /* version 4: bind and connect of TCP */
#define SCOPED_ALL UINT64_C(3)             /* version 6: abstract sockets, signals */

#define READS (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define WRITES                                                        \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE | \
	 LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR)

static uint64_t rights_of(long version)
{
	return RIGHTS_1 | (version >= 2 ? RIGHT_REFER : 0) | (version >= 3 ? RIGHT_TRUNCATE : 0) |
	       (version >= 5 ? RIGHT_IOCTL : 0);
}

static bool add_folder(int rules, const struct jail_folder *f, uint64_t known)
{
	struct landlock_path_beneath_attr below = {
		.allowed_access = READS | (f->writable ? (WRITES | RIGHT_TRUNCATE) & known : 0),
		.parent_fd = f->fd,
	};
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
}

static bool restrict_files(long version, const struct jail_folder *folders, unsigned count)
{
	const uint64_t known = rights_of(version);
	const struct ruleset set = {known, NET_ALL, SCOPED_ALL};
	size_t size = version >= 6 ? sizeof set : version >= 4 ? 2 * sizeof known : sizeof known;
	int rules = (int)syscall(SYS_landlock_create_ruleset, &set, size, 0);
	bool good = rules >= 0;
	for (unsigned i = 0; good && i < count; i++)
		good = add_folder(rules, &folders[i], known);
	good = good && syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	int code = errno;
	if (rules >= 0)
		close(rules);
	errno = code;
	return good;
}

bool host_jail_folders(bool *guarded, const struct jail_folder *folders, unsigned count,
                       struct error *err)
{
	*guarded = false;
	require(count <= JAIL_FOLDERS_MAX);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail_errno(err, "jail: new privileges cannot be forbidden", errno);
	long version =
		syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
	if (version < 1)
		return true;
	if (!restrict_files(version, folders, count))
		return fail_errno(err, "jail: the folders cannot be closed in", errno);
	*guarded = true;
	return true;
}

/* --- seccomp: which calls --- */

/* What the work needs: files, memory, waiting. rseq and set_robust_list are how threads that were
 * made before begin. */
static const int allowed[] = {
	SCMP_SYS(read),
	SCMP_SYS(readv),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64),
	SCMP_SYS(lseek),
	SCMP_SYS(close),
	SCMP_SYS(fstat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(stat),
	SCMP_SYS(lstat),
	SCMP_SYS(statx),
	SCMP_SYS(access),
	SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2),
	SCMP_SYS(open),
	SCMP_SYS(openat),
	SCMP_SYS(getdents64),
	SCMP_SYS(mkdirat),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	SCMP_SYS(linkat),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate),
	SCMP_SYS(flock),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	SCMP_SYS(mlock),
	SCMP_SYS(mlock2),
	SCMP_SYS(munlock),
	SCMP_SYS(brk),
	SCMP_SYS(futex),
	SCMP_SYS(nanosleep),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(sigaltstack),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getppid),
	SCMP_SYS(geteuid),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(sysinfo),
	SCMP_SYS(membarrier),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(rseq),
	SCMP_SYS(set_robust_list),
};

/* What nothing here ever calls: whoever does is not us any more. */
static const int deadly[] = {
	SCMP_SYS(execve),
	SCMP_SYS(execveat),
	SCMP_SYS(fork),
	SCMP_SYS(vfork),
	SCMP_SYS(clone),
	SCMP_SYS(clone3),
	SCMP_SYS(socket),
	SCMP_SYS(socketpair),
	SCMP_SYS(connect),
	SCMP_SYS(bind),
	SCMP_SYS(listen),
	SCMP_SYS(accept),
	SCMP_SYS(accept4),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(sendmmsg),
	SCMP_SYS(ptrace),
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(pidfd_open),
	SCMP_SYS(pidfd_getfd),
	SCMP_SYS(pidfd_send_signal),
	SCMP_SYS(kill),
	SCMP_SYS(tkill),
	SCMP_SYS(mount),
	SCMP_SYS(umount2),
	SCMP_SYS(chroot),
	SCMP_SYS(pivot_root),
	SCMP_SYS(setns),
	SCMP_SYS(unshare),
	SCMP_SYS(init_module),
	SCMP_SYS(finit_module),
	SCMP_SYS(kexec_load),
	SCMP_SYS(bpf),
	SCMP_SYS(perf_event_open),
	SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup),
	SCMP_SYS(keyctl),
	SCMP_SYS(add_key),
	SCMP_SYS(open_by_handle_at),
	SCMP_SYS(memfd_create),
};

static int add_all(scmp_filter_ctx f)
{
	int code = 0;
	for (size_t i = 0; code == 0 && i < sizeof allowed / sizeof *allowed; i++)
		code = seccomp_rule_add(f, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; code == 0 && i < sizeof deadly / sizeof *deadly; i++)
		code = seccomp_rule_add(f, SCMP_ACT_KILL_PROCESS, deadly[i], 0);
	return code;
}

/* Where the bits of an argument under this mask are these. Of an int the upper half is not said. */
static int allow_where(scmp_filter_ctx f, int call, unsigned argument, uint64_t mask, uint64_t bits)
{
	const struct scmp_arg_cmp where = {argument, SCMP_CMP_MASKED_EQ, mask, bits};
	return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, call, 1, &where);
}

/* Calls that depend on what they are asked: no memory that can be executed, no descriptor that
 * sends signals, and signals to this process only (abort). */
static int add_with_arguments(scmp_filter_ctx f)
{
	static const int maps[] = {SCMP_SYS(mmap), SCMP_SYS(mprotect)};
	static const unsigned commands[] = {F_DUPFD_CLOEXEC, F_GETFD, F_SETFD, F_GETFL};
	int code = 0;
	for (size_t i = 0; code == 0 && i < sizeof maps / sizeof *maps; i++)
		code = allow_where(f, maps[i], 2, PROT_EXEC, 0);
	for (size_t i = 0; code == 0 && i < sizeof commands / sizeof *commands; i++)
		code = allow_where(f, SCMP_SYS(fcntl), 1, UINT32_MAX, commands[i]);
	return code == 0 ? allow_where(f, SCMP_SYS(tgkill), 0, UINT32_MAX, (uint32_t)getpid()) : code;
}

bool host_jail_close(struct error *err)
{
	if (SANITIZED)
		return true;
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int code = f ? seccomp_attr_set(f, SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;
	if (code == 0)
		code = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (code == 0)
		code = add_all(f);
	if (code == 0)
		code = add_with_arguments(f);
	if (code == 0)
		code = seccomp_load(f);
	if (f)
		seccomp_release(f);
	return code == 0 || fail_errno(err, "jail: this system has no seccomp filter for it", -code);
}

bool host_jail_is_built(void)
{
	return !SANITIZED;
}
