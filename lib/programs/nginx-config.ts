// nginx.conf: reads directives and blocks, includes, and finds what is wrong with them.
import type { Process } from '../machine/process';
import { matchGlob } from './glob';

export interface Directive {
  name: string;
  args: string[];
  block?: Directive[];
  file: string;
  line: number;
}

/** A mistake in the configuration, in nginx' words. */
export class ConfigError extends Error {}

const KNOWN = new Set(
  `user worker_processes error_log pid events http server location listen server_name root index include default_type log_format access_log sendfile
tcp_nopush tcp_nodelay keepalive_timeout types_hash_max_size gzip gzip_types types return rewrite proxy_pass proxy_set_header proxy_http_version proxy_redirect
proxy_read_timeout proxy_connect_timeout proxy_send_timeout proxy_buffering upstream try_files alias error_page add_header worker_connections
client_max_body_size autoindex if set map stub_status allow deny charset expires server_tokens resolver large_client_header_buffers
client_body_temp_path proxy_temp_path fastcgi_temp_path uwsgi_temp_path scgi_temp_path worker_rlimit_nofile daemon load_module fastcgi_pass
fastcgi_param least_conn ip_hash keepalive multi_accept use internal stream absolute_redirect port_in_redirect merge_slashes
ssl_certificate ssl_certificate_key ssl_protocols ssl_ciphers ssl_prefer_server_ciphers ssl_session_cache ssl_session_timeout ssl_dhparam http2
sub_filter sub_filter_once sub_filter_types sub_filter_last_modified log_not_found etag proxy_ssl_verify ssi`.split(
    /\s+/,
  ),
);

export function readConfig(proc: Process, path: string): Directive[] {
  const text = readText(proc, path);
  return new Reader(proc, path, tokens(text, path)).block(false);
}

function readText(proc: Process, path: string): string {
  try {
    return proc.files.readText(path);
  } catch {
    throw new ConfigError(`open() "${path}" failed (2: No such file or directory)`);
  }
}

interface Token {
  text: string;
  line: number;
  quoted: boolean;
}

function tokens(text: string, file: string): Token[] {
  const out: Token[] = [];
  let line = 1;
  for (let i = 0; i < text.length; ) {
    const c = text[i] as string;
    if (c === '\n') line++;
    if (/\s/.test(c)) i++;
    else if (c === '#') i = text.indexOf('\n', i) < 0 ? text.length : text.indexOf('\n', i);
    else if (/[;{}]/.test(c)) {
      out.push({ text: c, line, quoted: false });
      i++;
    } else if (c === '"' || c === "'") {
      const end = text.indexOf(c, i + 1);
      if (end < 0) throw new ConfigError(`unexpected end of file, expecting "${c}" in ${file}:${line}`);
      out.push({ text: text.slice(i + 1, end), line, quoted: true });
      line += text.slice(i, end).split('\n').length - 1;
      i = end + 1;
    } else {
      const word = /^(?:\$\{[^}]*\}|\\.|[^\s;{}"'])+/.exec(text.slice(i))?.[0] ?? c;
      out.push({ text: word, line, quoted: false });
      i += word.length;
    }
  }
  return out;
}

class Reader {
  private at = 0;

  constructor(
    private readonly proc: Process,
    private readonly file: string,
    private readonly list: Token[],
  ) {}

  block(inside: boolean, any = false): Directive[] {
    const out: Directive[] = [];
    while (true) {
      const token = this.list[this.at++];
      if (!token) {
        if (inside)
          throw new ConfigError(`unexpected end of file, expecting "}" in ${this.file}:${this.list.at(-1)?.line ?? 1}`);
        return out;
      }
      if (token.text === '}' && !token.quoted) {
        if (!inside) throw new ConfigError(`unexpected "}" in ${this.file}:${token.line}`);
        return out;
      }
      out.push(...this.directive(token, any));
    }
  }

  private directive(name: Token, any: boolean): Directive[] {
    if (!any && !KNOWN.has(name.text))
      throw new ConfigError(`unknown directive "${name.text}" in ${this.file}:${name.line}`);
    const args: string[] = [];
    while (true) {
      const token = this.list[this.at++];
      if (!token) throw new ConfigError(`unexpected end of file, expecting ";" or "}" in ${this.file}:${name.line}`);
      if (!token.quoted && token.text === ';') break;
      if (!token.quoted && token.text === '}') throw new ConfigError(`unexpected "}" in ${this.file}:${token.line}`);
      if (!token.quoted && token.text === '{') {
        const block = this.block(true, name.text === 'types' || name.text === 'map');
        return [{ name: name.text, args, block, file: this.file, line: name.line }];
      }
      args.push(token.text);
    }
    if (name.text === 'include') return this.include(args[0] ?? '');
    return [{ name: name.text, args, file: this.file, line: name.line }];
  }

  private include(pattern: string): Directive[] {
    const path = pattern.startsWith('/') ? pattern : `/etc/nginx/${pattern}`;
    return matchGlob(this.proc, path).flatMap((file) => {
      const text = readText(this.proc, file);
      return new Reader(this.proc, file, tokens(text, file)).block(false);
    });
  }
}
