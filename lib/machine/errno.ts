// The errors of system calls, with Linux' own texts (strerror).

const TEXTS = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  ESRCH: 'No such process',
  EINTR: 'Interrupted system call',
  EIO: 'Input/output error',
  ENOEXEC: 'Exec format error',
  EBADF: 'Bad file descriptor',
  ECHILD: 'No child processes',
  EAGAIN: 'Resource temporarily unavailable',
  E2BIG: 'Argument list too long',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  EXDEV: 'Invalid cross-device link',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  EMFILE: 'Too many open files',
  ENOTTY: 'Inappropriate ioctl for device',
  ETXTBSY: 'Text file busy',
  EFBIG: 'File too large',
  ENOSPC: 'No space left on device',
  EROFS: 'Read-only file system',
  EPIPE: 'Broken pipe',
  ENAMETOOLONG: 'File name too long',
  ENOTEMPTY: 'Directory not empty',
  ELOOP: 'Too many levels of symbolic links',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ENETUNREACH: 'Network is unreachable',
  ECONNRESET: 'Connection reset by peer',
  ETIMEDOUT: 'Connection timed out',
  ECONNREFUSED: 'Connection refused',
  EHOSTUNREACH: 'No route to host',
} as const;

export type ErrnoCode = keyof typeof TEXTS;

/** A failed system call; `message` is what strerror prints. */
export class Errno extends Error {
  constructor(
    readonly code: ErrnoCode,
    /** The path or address it was about, for messages like `cat: FILE: No such file or directory`. */
    readonly subject?: string,
  ) {
    super(TEXTS[code]);
  }
}

/** The strerror text of anything thrown; a bug keeps its own message. */
export const strerror = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What musl words otherwise than glibc. */
const MUSL: Partial<Record<ErrnoCode, string>> = {
  ETIMEDOUT: 'Operation timed out',
  EHOSTUNREACH: 'Host is unreachable',
};

/** The same, as the C library of a machine words it. */
export const strerrorOf = (libc: 'glibc' | 'musl', error: unknown): string =>
  (libc === 'musl' && error instanceof Errno ? MUSL[error.code] : undefined) ?? strerror(error);
