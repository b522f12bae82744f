import { expect, test } from 'vitest';
import { pull } from './index';
import { parseReference } from './reference';

test.each([
  ['mysql', 'docker.io/library/mysql', 'latest'],
  ['bitnami/redis:7', 'docker.io/bitnami/redis', '7'],
  ['registry.ocp4.example.com:8443/rhel8/mysql-80', 'registry.ocp4.example.com:8443/rhel8/mysql-80', 'latest'],
  ['quay.io/a/b:v1', 'quay.io/a/b', 'v1'],
])('%s is %s at %s', (text, repository, tag) => {
  expect(parseReference(text)).toMatchObject({ repository, tag });
});

test.each(['Upper/Case', '', 'a b'])('%j is no reference', (text) => {
  expect(parseReference(text)).toBeUndefined();
});

test('an image that is there, one that is not, a tag that is not', () => {
  const name = 'registry.ocp4.example.com:8443/openshift4/network-tools-rhel8';
  const found = pull(name);
  expect('digest' in found && found.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(pull('nowhere/none')).toEqual({
    error: expect.stringContaining('requested access to the resource is denied'),
  });
  expect(pull(`${name}:nope`)).toEqual({ error: expect.stringContaining('manifest unknown') });
});
