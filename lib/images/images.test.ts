import { expect, test } from 'vitest';
import { programs } from '../programs';
import { images, pull } from './index';
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

/** A tool box whose command is not among the programs yet cannot be started. */
const startable = images.filter(
  ({ entrypoint, cmd }) => entrypoint.length > 0 || cmd[0]?.includes('/') || programs.has(cmd[0] ?? ''),
);

test.each(startable.map((image) => [image.repositories[0] ?? '', image] as const))(
  '%s can be started',
  (_name, image) => {
    const [command = ''] = [...image.entrypoint, ...image.cmd];
    const places = /^\.?\//.test(command)
      ? [command.replace(/^\./, image.workdir)]
      : (image.env['PATH'] ?? '').split(':').map((dir) => `${dir}/${command}`);
    const through = places.flatMap((place) => [place, place.replace(/^\/(s?bin)\//, '/usr/$1/')]);
    const entry = through.map((place) => image.files.get(place)).find((found) => found?.type === 'file');
    expect(entry && (entry.mode & 0o111) !== 0, command).toBe(true);
    const passwd = new TextDecoder().decode(image.files.get('/etc/passwd')?.data);
    expect(/^\d+$/.test(image.user) || passwd.includes(`${image.user}:`)).toBe(true);
    expect(image.tags.all().length).toBeGreaterThan(0);
  },
);

test('no two images answer for one tag of a repository', () => {
  const all = images.flatMap((image) =>
    image.repositories.flatMap((name) => image.tags.all().map((tag) => `${name}:${tag}`)),
  );
  const seen = new Set<string>();
  expect(all.filter((name) => seen.has(name) || !seen.add(name))).toEqual([]);
});

test.each(
  (
    'nginx:1.14.2 registry.k8s.io/nginx-slim:0.24 registry.k8s.io/echoserver:1.4 registry.k8s.io/e2e-test-images/agnhost:2.39 ' +
    'registry.k8s.io/e2e-test-images/jessie-dnsutils:1.3 busybox:1.28 perl:5.34.0 redis:6.0.5 mongo:4.4.6 mysql:5.6 mysql:8.0 ' +
    'postgres:15 bitnami/postgresql gcr.io/google-samples/hello-app:1.0 gcr.io/google-samples/kubernetes-bootcamp:v1 ' +
    'us-docker.pkg.dev/google-samples/containers/gke/gb-frontend:v5 registry.k8s.io/serve_hostname registry.k8s.io/hpa-example ' +
    'curlimages/curl radial/busyboxplus:curl alpine:3.18 ubuntu:22.04 centos:7 fedora httpd:2.4 nicolaka/netshoot ' +
    'hashicorp/http-echo:0.2.3 traefik/whoami python:3.9 dgkanatsios/simpleapp infoblox/dnstools ' +
    'registry.redhat.io/rhel8/postgresql-13:1 registry.redhat.io/rhel9/postgresql-15 quay.io/sclorg/postgresql-15-c9s'
  ).split(' '),
)('%s, a name that public pages use, is there', (name) => {
  expect(pull(name)).toHaveProperty('image');
});

test.each(images.map(({ repositories, tags }) => [repositories[0] ?? '', tags] as const))(
  '%s knows its latest release without working out all tags',
  (_name, tags) => expect(tags.latest).toBe(tags.releaseOf('latest')),
);
