import { expect, it } from 'vitest';
import { clusterPrefix, findClusterAddress } from './address';

it.each([
  ['/attempts/a-1/api/v1/pods?watch=1', 'a-1', '/api/v1/pods?watch=1'],
  ['/attempts/a-1/', 'a-1', '/'],
  ['/attempts/a-1', 'a-1', '/'],
  ['/attempts/a-1?timeout=32s', 'a-1', '/?timeout=32s'],
  ['/attempts/a-1/apis/x%2Fy/../z', 'a-1', '/apis/x%2Fy/../z'],
  [`${clusterPrefix('b')}/version`, 'b', '/version'],
])('%s', (url, attemptId, path) => expect(findClusterAddress(url)).toEqual({ attemptId, path }));

it.each([
  '/',
  '/api',
  '/attempts',
  '/attempts/',
  '/attempts//api',
  '/attempts/../x',
  '/attempts/a%2Fb/',
  'http://x/attempts/a',
])('refuses %s', (url) => expect(findClusterAddress(url)).toBeUndefined());
