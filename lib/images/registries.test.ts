import { expect, test } from 'vitest';
import { pull, registryWith } from './index';

const containerd = registryWith([], 'containerd');

test.each([
  [
    'nginx:1.999',
    'initializing source docker://nginx:1.999: reading manifest 1.999 in docker.io/library/nginx: manifest unknown',
  ],
  [
    'nowhere/none',
    'initializing source docker://nowhere/none:latest: reading manifest latest in docker.io/nowhere/none: requested access to the resource is denied',
  ],
  [
    'quay.io/nowhere/none:v1',
    'initializing source docker://quay.io/nowhere/none:v1: reading manifest v1 in quay.io/nowhere/none: unauthorized: access to the requested resource is not authorized',
  ],
  [
    'gcr.io/google-samples/hello-app:3.0',
    'initializing source docker://gcr.io/google-samples/hello-app:3.0: reading manifest 3.0 in gcr.io/google-samples/hello-app: manifest unknown: Failed to fetch "3.0"',
  ],
  [
    'registry.nowhere.test/a/b',
    'initializing source docker://registry.nowhere.test/a/b:latest: pinging container registry registry.nowhere.test: Get "https://registry.nowhere.test/v2/": dial tcp: lookup registry.nowhere.test: no such host',
  ],
])('CRI-O on %s', (name, error) => {
  expect(pull(name)).toEqual({ error });
});

test.each([
  [
    'nginx:doesnotexist',
    'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:doesnotexist": failed to resolve reference "docker.io/library/nginx:doesnotexist": docker.io/library/nginx:doesnotexist: not found',
  ],
  [
    'nginxx',
    'failed to pull and unpack image "docker.io/library/nginxx:latest": failed to resolve reference "docker.io/library/nginxx:latest": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
  ],
  [
    'registry.nowhere.test/a:1',
    'failed to pull and unpack image "registry.nowhere.test/a:1": failed to resolve reference "registry.nowhere.test/a:1": failed to do request: Head "https://registry.nowhere.test/v2/a/manifests/1": dial tcp: lookup registry.nowhere.test: no such host',
  ],
])('containerd on %s', (name, error) => {
  expect(containerd(name)).toEqual({ error });
});

test.each([
  'public.ecr.aws/docker/library/busybox:1.36',
  'mirror.gcr.io/library/nginx',
  'mirror.gcr.io/curlimages/curl',
  'k8s.gcr.io/pause:3.1',
  'gcr.io/google_containers/pause-amd64:3.1',
  'gcr.io/google-containers/busybox',
  'gcr.io/kubernetes-e2e-test-images/dnsutils:1.3',
  'quay.io/bitnami/nginx',
  'registry.redhat.io/ubi9/nginx-120',
  'docker.io/nginx:1.14.2',
  'quay.io/libpod/ubuntu',
])('%s is the same image under another name', (name) => {
  expect(pull(name)).toHaveProperty('image');
});

test('a digest that was pulled by a tag can be pulled again', () => {
  const found = pull('nginx:1.14.2');
  if (!('digest' in found)) throw new Error(found.error);
  expect(pull(`nginx@${found.digest}`)).toMatchObject({ image: { env: { NGINX_VERSION: '1.14.2' } } });
});
