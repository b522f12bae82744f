// What a lab may say of an image of its own. lib/labs/images.ts checks it; nothing in it is code.
// Texts may hold `${NAME}`: a variable of the container's environment, or `hostname`, `address`, `time`, and in answers also
// `client`, `method`, `path`, `query.NAME`, `header.NAME`, `body`.

/** One kind of request and its answer: a body, a file, a folder of files, or what another server says. */
export interface DeclaredRoute {
  /** Exact, or a prefix when it ends in `*`. */
  path: string;
  method?: string | undefined;
  status: number;
  headers: Record<string, string>;
  body?: string | undefined;
  /** A file of the image. */
  file?: string | undefined;
  /** A folder of the image whose files are served. */
  root?: string | undefined;
  /** `http://HOST:PORT/PATH` that is asked; what goes wrong is answered with 502. */
  proxy?: string | undefined;
  /** Seconds before the answer. */
  delay: number;
}

export interface DeclaredHttp {
  port: number;
  /** Seconds after the start before it listens. */
  after: number;
  /** A line for each request; `${status}` and `${size}` are known as well. */
  log?: string | undefined;
  routes: DeclaredRoute[];
}

interface DeclaredReply {
  /** A regular expression over one line; `$1` in the answer is its first group. */
  match: string;
  answer: string;
  close: boolean;
}

export interface DeclaredLines {
  port: number;
  after: number;
  greeting?: string | undefined;
  replies: DeclaredReply[];
  /** Sends back what no reply matches. */
  echo: boolean;
}

export interface DeclaredImage {
  /** Repository with registry: `registry.ocp4.example.com:8443/shop/stock`. */
  name: string;
  tags: string[];
  system: 'ubi8' | 'ubi9' | 'debian' | 'alpine' | 'busybox' | 'scratch';
  /** Commands on board beside those of the system. */
  commands: string[];
  files: Record<string, { text: string; mode: number }>;
  env: Record<string, string>;
  user: string;
  workdir: string;
  /** Runs instead of the declared service, for images that are a system with files. */
  command?: string[] | undefined;
  /** Variables without which it does not start. */
  requires: { name: string; pattern?: string | undefined }[];
  /** What it says and how it ends when one is missing; `${missing}` names them. */
  missing: { log: string[]; status: number };
  /** Servers it must reach before it starts: `HOST:PORT`. */
  connects: {
    to: string;
    log?: string | undefined;
    failure: string;
    status: number;
    retry?: number | undefined;
  }[];
  /** Lines of its log: at the start, after so many seconds, and again every so many. */
  log: { text: string; after: number; every?: number | undefined }[];
  http: DeclaredHttp[];
  tcp: DeclaredLines[];
  udp: DeclaredLines[];
  /** Ends by itself, so many seconds after the start. */
  exit?: { after: number; status: number } | undefined;
  /** How it takes SIGTERM. */
  terminate: { status: number; after: number; ignore: boolean };
}
