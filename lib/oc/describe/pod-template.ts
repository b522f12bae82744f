// The pod template of a workload.
import type { Dyn } from '../object';
import { containers, volumes } from './containers';
import { tolerations } from './pod';
import { Writer } from './writer';

export function describeTemplate(w: Writer, template: Dyn): void {
  w.line(0, 'Pod Template:');
  if (!template) {
    w.raw('  <unset>');
    return;
  }
  const { metadata = {}, spec } = template;
  w.labels('  Labels', metadata.labels);
  if (Object.keys(metadata.annotations ?? {}).length > 0) w.annotations('  Annotations', metadata.annotations);
  if (spec.serviceAccountName) w.line(1, `Service Account:\t${spec.serviceAccountName}`);
  if (spec.initContainers?.length) containers(w, 'Init Containers', spec.initContainers, undefined, undefined, '  ');
  containers(w, 'Containers', spec.containers, undefined, undefined, '  ');
  volumes(w, spec.volumes, '  ');
  if (spec.priorityClassName) w.line(1, `Priority Class Name:\t${spec.priorityClassName}`);
  w.labels('  Node-Selectors', spec.nodeSelector);
  tolerations(w, '  Tolerations', spec.tolerations);
}

/** A template alone, not aligned yet, as `rollout history` shows it. */
export function podTemplate(template: Dyn): string {
  const lines: string[] = [];
  const collect = new (class extends Writer {
    override line(level: number, text: string): this {
      lines.push(`${'  '.repeat(level)}${text}\n`);
      return this;
    }
    override raw(text: string): this {
      lines.push(text);
      return this;
    }
  })(0);
  describeTemplate(collect, template);
  return lines.join('');
}
