// A pod's quality of service class: pkg/apis/core/v1/helper/qos.
import { quantityValue } from '../quantity';
import type { Part } from '../validation/values';

const COMPUTE = ['cpu', 'memory'];

/** `Guaranteed`, `Burstable` or `BestEffort`. */
export function qosClass(spec: Part): string {
  const containers: Part[] = [...(spec['initContainers'] ?? []), ...(spec['containers'] ?? [])];
  const set = (c: Part, list: string, name: string) => quantityValue(c['resources']?.[list]?.[name]) > 0;
  const any = containers.some((c) => COMPUTE.some((name) => set(c, 'limits', name) || set(c, 'requests', name)));
  if (!any) return 'BestEffort';
  const guaranteed = containers.every((c) =>
    COMPUTE.every((name) => {
      const { limits, requests } = c['resources'] ?? {};
      return (
        set(c, 'limits', name) && quantityValue(requests?.[name] ?? limits?.[name]) === quantityValue(limits?.[name])
      );
    }),
  );
  return guaranteed ? 'Guaranteed' : 'Burstable';
}
