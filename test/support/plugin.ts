// The tests of one network plug-in, row L24 of the lesson: what a cluster that was installed with it shows.
import { beforeAll, expect, test } from 'vitest';
import type { CniName } from '../../lib/network/cni/contract';
import { isIn, Lesson } from './lesson';

export interface PluginRow {
  plugin: CniName;
  clusterNetwork: { cidr: string; hostPrefix: number };
  /** What it runs on every node: `namespace daemonset`. */
  agent: string;
  /** How the trace names its encapsulation. */
  wrap: RegExp;
  /** Whether a NetworkPolicy is enforced. */
  enforces: boolean;
}

export function testPlugin({ plugin, clusterNetwork, agent, wrap, enforces }: PluginRow): void {
  let lesson: Lesson;
  beforeAll(async () => {
    const { cidr, hostPrefix } = clusterNetwork;
    lesson = await Lesson.open({ network: plugin, clusterNetwork: cidr, hostPrefix });
    await lesson.serve('web', 2);
    await lesson.tools();
    await lesson.type('oc expose deployment/web --port 80 --target-port 8080');
  });

  test('its agents run on every node', async () => {
    const [namespace, name] = agent.split(' ');
    const [row] = await lesson.table(`oc get daemonset ${name} -n ${namespace}`);
    expect(row?.slice(0, 4)).toEqual([name, '3', '3', '3']);
    if (plugin !== 'OVNKubernetes')
      expect(await lesson.type('oc get pods -n openshift-ovn-kubernetes')).not.toContain('Running');
  });

  test('the network operator has what it needs', async () => {
    expect(await lesson.line('oc get clusteroperator network --no-headers')).toMatch(
      /^network +4\S+ +True +False +False /,
    );
  });

  test('pods have addresses of the cluster network and reach each other, encapsulated as the plug-in does it', async () => {
    const own = await lesson.field('pod tools', '.spec.nodeName');
    const pods = await lesson.table('oc get pods -l app=web -o wide');
    for (const row of pods) {
      expect(isIn(row[5] ?? '', clusterNetwork.cidr)).toBe(true);
      expect(await lesson.inPod(`curl -s http://${row[5]}:8080/hostname`)).toBe(row[0]);
    }
    const [far] = pods.find((row) => row[6] !== own) ?? [];
    expect(await lesson.type(`oc podlab trace pod/tools pod/${far}:8080`)).toMatch(wrap);
    expect(await lesson.inPod('curl -s http://web/hostname')).toMatch(/^web-/);
  });

  test(enforces ? 'a NetworkPolicy is enforced' : 'a NetworkPolicy has no effect', async () => {
    const spec = { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] };
    const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'deny' }, spec };
    await lesson.type(`echo '${JSON.stringify(policy)}' | oc apply -f -`);
    expect(await lesson.inPod("sh -c 'curl -s -m 3 -o /dev/null http://web; echo $?'")).toBe(enforces ? '28' : '0');
  });
}
