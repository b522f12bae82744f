// Every limit of a machine, with its unit and its reason.
export const LIMITS = {
  /** Processes of one machine at a time: stops a fork bomb long before the sandbox's memory does. */
  processes: 512,
  /** Open descriptors of one process, Linux' usual soft limit. */
  descriptors: 1024,
  /** Bytes of one machine's own files: what a small lab disk holds, and what a snapshot can carry. */
  diskBytes: 256 * 1024 * 1024,
  /** Files of one machine. */
  files: 100_000,
  /** Bytes of one path, PATH_MAX. */
  pathBytes: 4096,
  /** Bytes of one name in a path, NAME_MAX. */
  nameBytes: 255,
  /** Symbolic links followed in one lookup, as Linux. */
  symlinks: 40,
  /** Characters of one value of a shell: what a container's memory would hold before the kernel says no. */
  variableCharacters: 64 * 1024 * 1024,
  /** Bytes of the arguments and the environment of a program: a quarter of Linux' usual stack of 8 MiB. */
  argumentBytes: 2 * 1024 * 1024,
  /** Bytes of one argument, MAX_ARG_STRLEN. */
  argumentLength: 128 * 1024,
  /** Bytes that a text tool may hold of one input: what a container's memory would hold. */
  textBytes: 64 * 1024 * 1024,
  /** Bytes of one line that is typed, as N_TTY_BUF_SIZE. */
  terminalLineBytes: 4096,
  /** Bytes a terminal keeps for a program that does not read: a large paste, which a real console would hold back. */
  terminalInputBytes: 4 * 1024 * 1024,
  /** Seconds until an unanswered SYN gives ETIMEDOUT: Linux' tcp_syn_retries = 6 gives 127 s. */
  connectTimeoutSeconds: 127,
} as const;
