// `--from-literal`, `--from-file` and `--from-env-file` of config maps and secrets.

import { basename } from '../../machine/path';
import type { Cli } from '../cli';
import { CliError } from '../errors';

const KEY = /^[-._a-zA-Z0-9]+$/;

const VALID = `a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`;

/** The data that the flags name, bytes by key. */
export function readSources(cli: Cli, what: string, name: string): Map<string, Uint8Array> {
  const { flags } = cli;
  const data = new Map<string, Uint8Array>();
  const isSecret = what === 'Secret'; // kubectl says the same of it in other words
  const add = (key: string, bytes: Uint8Array) => {
    const said = JSON.stringify(key);
    if (!KEY.test(key))
      throw new CliError(
        `${said} is not ${isSecret ? 'valid key name for a Secret' : `a valid key name for a ${what}:`} ${VALID}`,
      );
    if (data.has(key))
      throw new CliError(
        isSecret
          ? `cannot add key ${key}, another key by that name already exists`
          : `cannot add key ${said}, another key by that name already exists in Data for ${what} ${JSON.stringify(name)}`,
      );
    data.set(key, bytes);
  };
  const envFiles = flags.list('from-env-file');
  if (envFiles.length > 0 && (flags.list('from-file').length > 0 || flags.list('from-literal').length > 0))
    throw new CliError('from-env-file cannot be combined with from-file or from-literal');
  for (const source of flags.list('from-file')) addFile(cli, source, add);
  for (const literal of flags.list('from-literal')) {
    const equals = literal.indexOf('=');
    if (equals < 1) throw new CliError(`invalid literal source ${literal}, expected key=value`);
    const value = literal.slice(equals + 1).replace(/^(["'])(.*)\1$/s, '$2');
    add(literal.slice(0, equals), Buffer.from(value));
  }
  for (const file of envFiles) for (const [key, value] of readEnvFile(cli, file)) add(key, Buffer.from(value));
  return data;
}

function addFile(cli: Cli, source: string, add: (key: string, bytes: Uint8Array) => void): void {
  const { files } = cli.proc;
  const equals = source.indexOf('=');
  const [key, path] = equals < 0 ? ['', source] : [source.slice(0, equals), source.slice(equals + 1)];
  if (equals === 0 || path === '') throw new CliError(`key name for file path ${path} missing`);
  const stat = files.find(path);
  if (!stat) throw new CliError(`error reading ${path}: no such file or directory`);
  if (stat.type !== 'dir') return add(key || basename(path), files.readBytes(path));
  if (key) throw new CliError('cannot give a key name for a directory path');
  for (const name of files.list(path)) {
    const child = `${path.replace(/\/$/, '')}/${name}`;
    if (files.stat(child).type === 'file') add(name, files.readBytes(child));
  }
}

/** NAME=VALUE lines; a name alone takes the environment's value. */
export function readEnvFile(cli: Cli, file: string): [string, string][] {
  if (!cli.proc.files.exists(file)) throw new CliError(`error reading ${file}: no such file or directory`);
  return cli.proc.files
    .readText(file)
    .split('\n')
    .flatMap((line): [string, string][] => {
      const text = line.replace(/\r$/, '').trimStart();
      if (text === '' || text.startsWith('#')) return [];
      const equals = text.indexOf('=');
      if (equals >= 0) return [[text.slice(0, equals), text.slice(equals + 1)]];
      const value = cli.proc.env[text];
      return value === undefined ? [] : [[text, value]];
    });
}
