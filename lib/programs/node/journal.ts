// The kubelet's journal: what it did and met, as klog writes it. Made of its events, which the cluster keeps for some hours.
// DIFFERS: a real one says more of its own doings, keeps it longer, and gives the number of its process, which it has none of here.
import type { Happening, NodeAgent } from '../../machine/node-agent';
import type { Process } from '../../machine/process';
import { strftime } from '../../shell/strftime';

export interface JournalLine {
  at: number;
  text: string;
}

const quoted = (text: string): string => JSON.stringify(text);

/** The line of a kubelet's source for what an event says; undefined for what it does not write down. */
function lineOf(node: string, { type, reason, message, pod, uid, container }: Happening): string | undefined {
  if (!pod)
    return `kubelet_node_status.go:724] "Recording event message for node" node=${quoted(node)} event=${quoted(reason)}`;
  const who = `pod=${quoted(pod)} podUID=${quoted(uid)}`;
  const [, probe, output = ''] = /^(Liveness|Readiness|Startup) probe failed: (.*)$/s.exec(message) ?? [];
  if (probe)
    return `prober.go:107] "Probe failed" probeType=${quoted(probe)} ${who} containerName=${quoted(container ?? '')} probeResult="failure" output=${quoted(output)}`;
  if (reason === 'Killing')
    return `kuberuntime_container.go:808] "Killing container with a grace period" ${who} containerName=${quoted(container ?? '')}`;
  if (reason === 'FailedMount') return `nestedpendingoperations.go:348] ${message}`;
  if (type === 'Warning') return `pod_workers.go:1301] "Error syncing pod, skipping" err=${quoted(message)} ${who}`;
  return undefined;
}

/** The lines of the kubelet's unit, oldest first. */
export function journal(proc: Process, agent: NodeAgent): JournalLine[] {
  const { runs, since } = agent.kubelet();
  const host = proc.machine.hostname;
  const program = agent.isOpenShift ? 'kubenswrapper' : 'kubelet';
  const head = (at: number) => `${strftime('%b %d %H:%M:%S', at)} ${host}`;
  const klog = (at: number, severity: string) =>
    `${severity}${strftime('%m%d %H:%M:%S', at)}.${String(at % 1000).padEnd(6, '0')}`;
  const told = agent.happenings().flatMap((each): JournalLine[] => {
    const line = lineOf(host, each);
    if (!line) return [];
    const severity = each.type === 'Warning' && !line.startsWith('prober') ? 'E' : 'I';
    return [{ at: each.at, text: `${head(each.at)} ${program}: ${klog(each.at, severity)} ${line}` }];
  });
  const service = agent.isOpenShift ? 'Kubernetes Kubelet' : 'kubelet: The Kubernetes Node Agent';
  const turned = { at: since, text: `${head(since)} systemd[1]: ${runs ? 'Started' : 'Stopped'} ${service}.` };
  return [turned, ...told].sort((a, b) => a.at - b.at);
}
