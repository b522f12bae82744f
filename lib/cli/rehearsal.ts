// A world that nobody sees: it has the code of the first second compiled before somebody waits for it.
import { loadSqlWasm } from '../sandbox/host/sql-wasm';
import { Sandbox } from '../sandbox/sandbox';

const CLUSTER = {
  profile: 'openshift',
  network: 'OVNKubernetes',
  workers: 2,
  clusterNetwork: '10.8.0.0/14',
  hostPrefix: 23,
  serviceNetwork: '172.30.0.0/16',
  pace: 'instant',
} as const;

/** Makes the world, logs in at its workstation and asks for the cluster's version. */
export async function rehearse(): Promise<void> {
  loadSqlWasm();
  const spec = { lab: '', title: '', seed: 1, now: Date.now(), variables: {}, scripts: {}, ...CLUSTER };
  const practice = await Sandbox.make(spec, { kind: 'new' }, {});
  const terminal = practice.workstation.terminal({ columns: 80, rows: 24 });
  practice.login(terminal);
  await practice.clock.drive(terminal.output.read(), 1000);
  await practice.clock.drive(practice.run('oc version').exited, 10_000);
  practice.stop();
}
