import { expect, test } from 'vitest';
import { pull } from './index';
import { either, releases, words } from './tags';

const nginx = releases({ lines: '1.27.5 1.26.3 0.9', variants: 'alpine', names: 'latest stable=1.26.3' });

test.each([
  ['latest', '1.27.5'],
  ['stable', '1.26.3'],
  ['alpine', '1.27.5'],
  ['1', '1.27.5'],
  ['1.26', '1.26.3'],
  ['1.26.0', '1.26.0'],
  ['1.27.5-alpine', '1.27.5'],
  ['0.9', '0.9'],
  ['0.0', '0.0'],
])('%s is release %s', (tag, release) => {
  expect(nginx.has(tag)).toBe(true);
  expect(nginx.releaseOf(tag)).toBe(release);
});

test.each(['1.27.6', '1.25', '1.999', '2', 'nope', '1.27.5-slim', 'stable-alpine'])('%s is no tag', (tag) => {
  expect(nginx.has(tag)).toBe(false);
});

test('a prefix, variants alone, rules together', () => {
  expect(releases({ lines: '1.2', prefix: 'v' }).all()).toEqual(['v1', 'v1.2', 'v1.1', 'v1.0', 'latest']);
  expect(releases({ lines: '1.0', variants: 'a', names: '', onlyVariants: true }).all()).toEqual(['1-a', '1.0-a', 'a']);
  expect(either(words('a=1'), words('a=2 b')).releaseOf('a')).toBe('1');
});

test.each([
  ['nginx:1.14.2', 'NGINX_VERSION', '1.14.2'],
  ['nginx:1.16', 'NGINX_VERSION', '1.16.1'],
  ['redis:6.0.5', 'REDIS_VERSION', '6.0.5'],
  ['python:3.7-alpine', 'PYTHON_VERSION', '3.7.17'],
  ['mysql:5.7', 'MYSQL_VERSION', '5.7.44-1.el7'],
  ['postgres:16-alpine', 'PG_MAJOR', '16'],
  ['postgres:9.6', 'PG_VERSION', '9.6.24-1.pgdg120+1'],
])('%s says that %s is %s', (name, variable, value) => {
  expect(pull(name)).toMatchObject({ image: { env: { [variable]: value } } });
});

test.each([
  ['alpine:3.12', '/etc/alpine-release', '3.12.12\n'],
  ['ubuntu:20.04', '/etc/os-release', /^PRETTY_NAME="Ubuntu 20\.04\.6 LTS"\n/],
  ['debian:bullseye-slim', '/etc/debian_version', '11.11\n'],
  ['rockylinux:9', '/etc/os-release', /^NAME="Rocky Linux"\nVERSION="9\.3"\n/],
])('%s says in %s what it is', (name, path, text) => {
  const found = pull(name);
  const data = 'image' in found ? found.image.files.get(path)?.data : undefined;
  expect(new TextDecoder().decode(data)).toMatch(text);
});
