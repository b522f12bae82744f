// The probes and hooks of one run of a container: startup first, then liveness and readiness; postStart before them.
import type { Handler, Probe } from '../kinds';
import type { ContainerRun } from './container';
import { callHandler, type ProbeTarget, probeLoop } from './probes';

const HOOK_MS = 3600_000; // a hook that never ends is ended with its container

export class Probing {
  private abort: AbortController | undefined;
  private readiness: boolean;

  constructor(private readonly container: ContainerRun) {
    this.readiness = container.status.ready || !container.spec.readinessProbe;
  }

  get ready(): boolean {
    return this.readiness;
  }

  start(): void {
    const abort = new AbortController();
    this.abort = abort;
    const { spec, status } = this.container;
    if (!status.ready) this.readiness = !spec.readinessProbe;
    void this.sequence(abort.signal).catch((error: unknown) => {
      if (!abort.signal.aborted) this.container.worker.context.onBug(error);
    });
  }

  stop(): void {
    this.abort?.abort(new Error('container stopped'));
    this.readiness = !this.container.spec.readinessProbe;
  }

  async preStop(graceMs: number): Promise<void> {
    const { spec } = this.container;
    const target = this.target();
    if (!spec.lifecycle?.preStop || !target) return;
    const result = await callHandler(target, spec.lifecycle.preStop, graceMs);
    if (!result.ok) this.container.say('Warning', 'FailedPreStopHook', `PreStopHook failed`);
  }

  private async sequence(signal: AbortSignal): Promise<void> {
    const { spec } = this.container;
    if (spec.lifecycle?.postStart && !(await this.postStart(spec.lifecycle.postStart, signal))) return;
    if (spec.startupProbe && !this.container.status.started) await this.startup(spec.startupProbe, signal);
    this.container.setStarted();
    await Promise.all([
      spec.livenessProbe && this.liveness(spec.livenessProbe, signal),
      spec.readinessProbe && this.loop('Readiness', spec.readinessProbe, (ok) => this.setReady(ok), signal),
    ]);
  }

  private async postStart(hook: Handler, signal: AbortSignal): Promise<boolean> {
    const target = this.target();
    if (!target) return false;
    const result = await callHandler(target, hook, HOOK_MS);
    if (signal.aborted) return false;
    if (result.ok) return true;
    this.container.say('Warning', 'FailedPostStartHook', 'PostStartHook failed');
    void this.kill('FailedPostStartHook');
    return false;
  }

  private startup(probe: Probe, signal: AbortSignal): Promise<void> {
    const done = new AbortController();
    const either = AbortSignal.any([signal, done.signal]);
    const report = (ok: boolean) => {
      if (ok) done.abort();
      else void this.kill(`Container ${this.container.spec.name} failed startup probe, will be restarted`);
    };
    return this.loop('Startup', probe, report, either).catch((error: unknown) => {
      if (!done.signal.aborted) throw error;
    });
  }

  private liveness(probe: Probe, signal: AbortSignal): Promise<void> {
    const report = (ok: boolean) => {
      if (!ok) void this.kill(`Container ${this.container.spec.name} failed liveness probe, will be restarted`);
    };
    return this.loop('Liveness', probe, report, signal);
  }

  private loop(kind: string, probe: Probe, report: (ok: boolean) => void, signal: AbortSignal): Promise<void> {
    const call = async () => {
      const target = this.target();
      return target
        ? callHandler(target, probe, (probe.timeoutSeconds ?? 1) * 1000)
        : { ok: false, output: 'not running' };
    };
    const fail = (output: string) => {
      if (!signal.aborted) this.container.say('Warning', 'Unhealthy', `${kind} probe failed: ${output}`);
    };
    return probeLoop(this.container.clock, probe, call, report, fail, signal);
  }

  private setReady(ok: boolean): void {
    this.readiness = ok;
    this.container.updateReady();
  }

  private kill(why: string): Promise<void> {
    const { worker, waits } = this.container;
    return this.container.stop((worker.pod.spec.terminationGracePeriodSeconds ?? 30) * 1000 * waits, why);
  }

  private target(): ProbeTarget | undefined {
    const { machine, process, spec, env, user, cwd, worker } = this.container;
    if (!machine || !process) return undefined;
    return {
      container: spec,
      machine,
      env,
      user,
      cwd,
      address: worker.addresses[0] ?? '127.0.0.1',
      node: worker.nodeStack,
    };
  }
}
