// autoscaling/v1 keeps what it cannot say in annotations: pkg/apis/autoscaling/v1/conversion.go.
import type { KubeObject } from '../../store/types';

const METRICS = 'autoscaling.alpha.kubernetes.io/metrics';
const CURRENT = 'autoscaling.alpha.kubernetes.io/current-metrics';

// biome-ignore lint/suspicious/noExplicitAny: a metric source of v1 or v2
type Source = Record<string, any>;
type Metric = { type: string } & Record<string, Source | string>;

const defined = (object: Source): Source =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** One metric in v2's shape; `side` is `target` or `current`. */
function convert(metric: Metric, side: 'target' | 'current'): Metric {
  const name = `${metric.type.charAt(0).toLowerCase()}${metric.type.slice(1)}`;
  const source = (metric[name] ?? {}) as Source;
  const value = defined({
    averageUtilization: source[`${side}AverageUtilization`],
    averageValue: source[`${side}AverageValue`],
    value: source[`${side}Value`],
  });
  const described = defined({
    metric: source['metricName'] && defined({ name: source['metricName'], selector: source['metricSelector'] }),
    name: source['name'],
    container: source['container'],
    describedObject: source['target'],
  });
  return { type: metric.type, [name]: { ...described, [side]: value } };
}

function read(object: KubeObject, annotation: string, side: 'target' | 'current'): Metric[] {
  try {
    return (JSON.parse(object.metadata.annotations?.[annotation] ?? '[]') as Metric[]).map((each) =>
      convert(each, side),
    );
  } catch {
    return []; // as the real conversion: what cannot be read is dropped
  }
}

export const targetMetrics = (object: KubeObject): Metric[] => read(object, METRICS, 'target');
export const currentMetrics = (object: KubeObject): Metric[] => read(object, CURRENT, 'current');
