import { expect, test } from 'vitest';
import { container } from './testing/container';

test('apt-get knows no package before its lists are there', async () => {
  const sh = container('debian:12');
  expect(await sh('apt-get install -y tcpdump')).toMatchObject({
    code: 100,
    text: expect.stringContaining('E: Unable to locate package tcpdump\n'),
  });
  expect((await sh('which ping')).code).not.toBe(0);
  expect((await sh('apt-get update')).text).toMatch(/^Get:1 http:\/\/deb\.debian\.org\/debian bookworm InRelease/);
  const installed = await sh('apt-get install -y iputils-ping && which ping');
  expect(installed.text).toMatch(
    /The following NEW packages will be installed:\n {2}iputils-ping\n[\s\S]*Setting up iputils-ping \(\S+\) \.\.\.\n\/usr\/bin\/ping\n$/,
  );
  expect((await sh('apt-get install -y iputils-ping')).text).toContain('iputils-ping is already the newest version');
});

test('apt-get asks, and takes silence for a no', async () => {
  const sh = container('ubuntu:22.04');
  expect((await sh('apt-get update')).text).toContain('http://archive.ubuntu.com/ubuntu jammy InRelease');
  expect(await sh('apt-get install telnet')).toMatchObject({
    code: 1,
    text: expect.stringMatching(/Do you want to continue\? \[Y\/n\] Abort\.\n$/),
  });
  expect((await sh('apt-get install telnet', 'y\n')).text).toContain('Setting up telnet');
});

test('what has no commands here is said', async () => {
  const sh = container('debian');
  await sh('apt-get update');
  expect(await sh('apt-get install -y htop')).toMatchObject({
    code: 100,
    text: expect.stringContaining('not supported: the package htop'),
  });
  expect(await sh('apt-get install -y socat git >/dev/null && git --version && socat -V | tail -1')).toMatchObject({
    code: 0,
    text: expect.stringMatching(/git version .*\nsocat version /),
  });
});

test('apk adds and removes', async () => {
  const sh = container('alpine:3.18');
  const added = await sh('apk add --no-cache curl bind-tools && which curl dig');
  expect(added.text).toMatch(
    /^fetch https:\/\/dl-cdn\.alpinelinux\.org\/alpine\/v3\.18\/main\/x86_64\/APKINDEX\.tar\.gz\n/,
  );
  expect(added.text).toMatch(
    /\(1\/2\) Installing curl \(\S+\)\n\(2\/2\) Installing bind-tools[\s\S]*\/usr\/bin\/curl\n\/usr\/bin\/dig\n$/,
  );
  expect((await sh('apk del curl; which curl')).code).toBe(1);
  expect(await sh('apk add nosuch')).toMatchObject({
    code: 1,
    text: expect.stringContaining('  nosuch (no such package):\n    required by: world[nosuch]\n'),
  });
});

test('dnf and microdnf install', async () => {
  const sh = container('registry.access.redhat.com/ubi9/ubi');
  expect((await sh('dnf install -y bind-utils && which dig')).text).toMatch(
    /Installed:\n {2}bind-utils-\S+\n\nComplete!\n\/usr\/bin\/dig\n$/,
  );
  expect(await sh('yum install -y nosuch')).toMatchObject({
    code: 1,
    text: expect.stringContaining('Error: Unable to find a match: nosuch\n'),
  });
  const minimal = container('registry.access.redhat.com/ubi9/ubi-minimal');
  expect((await minimal('microdnf install iputils && which ping')).code).toBe(0);
});

test('lsof, once it is installed, shows who listens', async () => {
  const sh = container('nginx');
  await sh('apt-get update; apt-get install -y lsof');
  const listed = await sh('nginx -g "daemon off;" & sleep 1; lsof -i :80; lsof -p 999 || echo none');
  expect(listed.text).toMatch(
    /^COMMAND +PID +USER +FD +TYPE +NODE +NAME\nnginx +\d+ +root +6u +IPv4 +TCP +\*:80 \(LISTEN\)\n/m,
  );
  expect(listed.text).toContain('none\n');
});
