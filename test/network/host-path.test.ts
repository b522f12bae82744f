// A node has one file system, whichever of its paths a pod mounts, and `oc debug node` sees the same.
import { beforeAll, expect, test } from 'vitest';
import { Lesson, TOOLS } from '../support/lesson';

let lesson: Lesson;

const podWith = (name: string, hostPath: object, nodeName = 'worker01') => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    nodeName,
    containers: [
      {
        name: 'main',
        image: TOOLS,
        command: ['sleep', 'infinity'],
        securityContext: { privileged: true, runAsUser: 0 },
        volumeMounts: [{ name: 'host', mountPath: '/mnt' }],
      },
    ],
    volumes: [{ name: 'host', hostPath }],
  },
});
const start = async (name: string, hostPath: object, node?: string) => {
  await lesson.type(`echo '${JSON.stringify(podWith(name, hostPath, node))}' | oc apply -f -`);
  return lesson.line(`oc wait --for=condition=Ready pod/${name} --timeout=20s`);
};
const onNode = async (command: string, node = 'worker01') =>
  (await lesson.type(`oc debug node/${node} -- chroot /host ${command} 2>/dev/null`)).trim();

beforeAll(async () => {
  lesson = await Lesson.open();
  await start('var', { path: '/var' });
  await start('log', { path: '/var/log/' });
  await start('other', { path: '/var' }, 'worker02');
});

test('pods that mount different paths of a node see each other’s changes', async () => {
  await lesson.inPod("sh -c 'echo one > /mnt/log/note'", 'var');
  expect(await lesson.inPod('cat /mnt/note', 'log')).toBe('one');
  await lesson.inPod("sh -c 'mkdir /mnt/deep; mv /mnt/note /mnt/deep/moved; echo two >> /mnt/deep/moved'", 'log');
  expect(await lesson.inPod('cat /mnt/log/deep/moved', 'var')).toBe('one\ntwo');
  expect(await onNode('cat /var/log/deep/moved')).toBe('one\ntwo');
  expect(await lesson.inPod("sh -c 'ls /mnt/log/deep || echo none'", 'other')).toMatch(/none$/);
});

test('what is done on the node is seen in the pods, and stays when they are gone', async () => {
  await onNode("sh -c 'echo three > /var/log/fromnode'");
  expect(await lesson.inPod('cat /mnt/fromnode', 'log')).toBe('three');
  await lesson.type('oc delete pod log --grace-period=0 --force');
  await lesson.inPod('rm /mnt/log/fromnode', 'var');
  await start('log', { path: '/var/log', type: 'Directory' });
  expect(await lesson.inPod('ls /mnt/deep', 'log')).toBe('moved');
  expect(await lesson.inPod("sh -c 'cat /mnt/fromnode || echo gone'", 'log')).toMatch(/gone$/);
});

test('types of a hostPath: what is made, and what is demanded', async () => {
  expect(await start('made', { path: '/srv/data/new', type: 'DirectoryOrCreate' })).toContain('condition met');
  await lesson.inPod('touch /mnt/here', 'made');
  expect(await onNode('ls /srv/data/new')).toBe('here');
  expect(await start('file', { path: '/etc/hostname', type: 'File' })).toContain('condition met');
  expect(await lesson.inPod('cat /mnt', 'file')).toBe('worker01');
  await start('absent', { path: '/nowhere', type: 'Directory' });
  expect(await lesson.line('oc get events --field-selector involvedObject.name=absent,reason=FailedMount')).toContain(
    'MountVolume.SetUp failed for volume "host" : hostPath type check failed: /nowhere is not a directory',
  );
});
