// What `curl -w` prints of one transfer: src/tool_writeout.c.

/** Times are in seconds. */
export interface Transfer {
  http_code: string;
  http_version: string;
  method: string;
  scheme: string;
  size_download: number;
  size_upload: number;
  size_header: number;
  size_request: number;
  time_namelookup: number;
  time_connect: number;
  time_appconnect: number;
  time_total: number;
  remote_ip: string;
  remote_port: string;
  local_ip: string;
  local_port: string;
  url_effective: string;
  content_type: string;
  num_redirects: number;
  num_connects: number;
  redirect_url: string;
  exitcode: number;
  errormsg: string;
  /** Bytes of the body, if its length was told. */
  expected: number | undefined;
}

export const freshTransfer = (url: string): Transfer => ({
  http_code: '000',
  http_version: '0',
  method: 'GET',
  scheme: '',
  size_download: 0,
  size_upload: 0,
  size_header: 0,
  size_request: 0,
  time_namelookup: 0,
  time_connect: 0,
  time_appconnect: 0,
  time_total: 0,
  remote_ip: '',
  remote_port: '0',
  local_ip: '',
  local_port: '0',
  url_effective: url,
  content_type: '',
  num_redirects: 0,
  num_connects: 0,
  redirect_url: '',
  exitcode: 0,
  errormsg: '',
  expected: undefined,
});

interface Piece {
  text: string;
  isError: boolean;
}

/** The format filled in, in pieces for standard output and error. */
export function writeOut(format: string, seen: Transfer): Piece[] {
  const values = valuesOf(seen);
  const pieces: Piece[] = [{ text: '', isError: false }];
  const add = (text: string) => ((pieces.at(-1) as Piece).text += text);
  for (const [piece] of format.matchAll(/%\{[^}]*\}|%%|\\[\s\S]|[\s\S]/g)) {
    const name = /^%\{([^}]*)\}$/.exec(piece)?.[1];
    if (name === 'stderr' || name === 'stdout') pieces.push({ text: '', isError: name === 'stderr' });
    else if (name === 'json') add(JSON.stringify(values));
    else if (name !== undefined)
      add(name in values ? String(values[name]) : `curl: unknown --write-out variable: '${name}'\n`);
    else if (piece === '%%') add('%');
    else if (piece.length === 2) add({ n: '\n', r: '\r', t: '\t' }[piece[1] as 'n'] ?? piece);
    else add(piece);
  }
  return pieces.filter(({ text }) => text !== '');
}

function valuesOf(seen: Transfer): Record<string, string | number> {
  const { expected: _, time_namelookup, time_connect, time_appconnect, time_total, ...rest } = seen;
  const seconds = (n: number) => n.toFixed(6);
  const ready = Math.max(time_connect, time_appconnect);
  const speed = (bytes: number) => (time_total > 0 ? Math.round(bytes / time_total) : 0);
  return {
    ...rest,
    response_code: seen.http_code,
    http_connect: '000',
    proxy_ssl_verify_result: 0,
    ssl_verify_result: 0,
    time_namelookup: seconds(time_namelookup),
    time_connect: seconds(time_connect),
    time_appconnect: seconds(time_appconnect),
    time_pretransfer: seconds(ready),
    time_redirect: seconds(0),
    time_starttransfer: seconds(seen.http_code === '000' ? 0 : time_total),
    time_total: seconds(time_total),
    speed_download: speed(seen.size_download),
    speed_upload: speed(seen.size_upload),
  };
}
