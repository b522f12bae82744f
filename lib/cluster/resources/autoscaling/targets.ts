// The TARGETS cell: formatHPAMetrics of pkg/printers/internalversion.
import { canonicalQuantity } from '../quantity';

interface Target {
  value?: string;
  averageValue?: string;
  averageUtilization?: number;
}

interface Metric {
  type: string;
  // biome-ignore lint/suspicious/noExplicitAny: one of five sources, by the metric's type
  [source: string]: any;
}

const SHOWN = 2;
const UNKNOWN = '<unknown>';

const quantity = (text: string | undefined) => (text === undefined ? undefined : canonicalQuantity(text));

/** `cpu: 10%/80%` for resources, `50m/100m (avg)` for the others. */
function one(metric: Metric, status: Metric | undefined): string {
  const source = metric.type.charAt(0).toLowerCase() + metric.type.slice(1);
  const target: Target = metric[source]?.target ?? {};
  const current: Target = status?.[source]?.current ?? {};
  const name: string =
    metric.type === 'Resource' || metric.type === 'ContainerResource' ? `${metric[source].name}: ` : '';
  if (metric.type === 'Pods') return `${quantity(current.averageValue) ?? UNKNOWN}/${quantity(target.averageValue)}`;
  if (name && target.averageValue === undefined) {
    const percent = current.averageUtilization === undefined ? UNKNOWN : `${current.averageUtilization}%`;
    return `${name}${percent}/${target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`;
  }
  if (name) return `${name}${quantity(current.averageValue) ?? UNKNOWN}/${quantity(target.averageValue)}`;
  if (target.averageValue !== undefined)
    return `${quantity(current.averageValue) ?? UNKNOWN}/${quantity(target.averageValue)} (avg)`;
  return `${quantity(current.value) ?? UNKNOWN}/${quantity(target.value)}`;
}

export function targetsCell(metrics: Metric[], statuses: Metric[]): string {
  if (metrics.length === 0) return '<none>';
  const texts = metrics.map((metric, i) => one(metric, statuses[i]));
  const more = texts.length > SHOWN ? ` + ${texts.length - SHOWN} more...` : '';
  return texts.slice(0, SHOWN).join(', ') + more;
}
