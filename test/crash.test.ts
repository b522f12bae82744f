// What was acknowledged survives: a killed sandbox is back within two seconds, a killed server after its next start.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Product, type Session, type TerminalClient } from './support/product';

const BACK_MS = 2000;

/** Processes below a process that run a bundle. */
function childrenRunning(parent: number, bundle: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const ppid = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return ppid === parent && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(bundle);
      } catch {
        return false; // ended meanwhile
      }
    });
}

/** The processes that serve a socket: warm ones do not. */
const serving = (parent: number): number[] =>
  childrenRunning(parent, 'sandbox-process').filter((pid) =>
    readFileSync('/proc/net/unix', 'utf8')
      .split('\n')
      .some((line) => line.includes('attempts') && sockets(pid).includes(line.trim().split(/\s+/)[6] ?? '')),
  );

function sockets(pid: number): string[] {
  const listing = execFileSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' });
  return [...listing.matchAll(/socket:\[(\d+)\]/g)].map((match) => match[1] ?? '');
}

describe('holding on', () => {
  let product: Product;
  let student: Session;
  let attempt: string;
  let terminal: TerminalClient;

  beforeAll(async () => {
    product = await Product.start();
    student = await product.signIn('student');
    attempt = await student.startLab();
    terminal = await student.terminal(attempt);
    await terminal.type('lab start deploy-services');
    await terminal.type('oc login -u developer -p developer https://api.ocp4.example.com:6443');
  });

  afterAll(async () => {
    terminal?.close();
    await product?.stop();
  });

  test('a killed sandbox is back within two seconds with everything acknowledged', async () => {
    await terminal.type('oc create configmap kept --from-literal a=b');
    await terminal.type('echo in a file > ~/note');
    const victims = serving(product.pid);
    expect(victims.length).toBe(1);
    const killed = Date.now();
    process.kill(victims[0] as number, 'SIGKILL');
    terminal.text = '';
    await terminal.until(/workstation [^\]]*\]\$ $/, BACK_MS * 2);
    expect(Date.now() - killed).toBeLessThan(BACK_MS);
    expect(await terminal.type('cat ~/note')).toBe('in a file\n');
    expect(await terminal.type('oc get configmap kept -o jsonpath=\'{.data.a}{"\\n"}\'')).toBe('b\n');
  });

  test('a server killed during writes loses nothing acknowledged', async () => {
    await terminal.type('clear');
    terminal.text = '';
    terminal.send('for i in $(seq 1 500); do oc create configmap w$i --from-literal n=$i; done\r');
    await terminal.until(/configmap\/w20 created/);
    await product.kill();
    const acknowledged = [...terminal.text.matchAll(/configmap\/(w\d+) created/g)].map((match) => match[1] ?? '');
    expect(acknowledged.length).toBeGreaterThanOrEqual(20);
    terminal.close();
    await product.start();
    student = await product.signIn('student');
    terminal = await student.terminal(attempt);
    await terminal.type('');
    const names = new Set((await terminal.type('oc get configmaps -o name')).split('\n'));
    expect(acknowledged.filter((name) => !names.has(`configmap/${name}`))).toEqual([]);
    expect(await terminal.type('cat ~/note')).toBe('in a file\n');
  });
});
