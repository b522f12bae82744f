// Pods stay five minutes on a node that went away: plugin/pkg/admission/defaulttolerationseconds.
import type { Plugin } from './admission';

const SECONDS = 300;
const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

interface Toleration {
  key?: string;
  operator?: string;
  effect?: string;
  tolerationSeconds?: number;
}

export const tolerationSeconds: Plugin = ({ operation, resource, object }) => {
  if ((operation !== 'CREATE' && operation !== 'UPDATE') || resource !== 'pods') return;
  const tolerations: Toleration[] = object['spec'].tolerations ?? [];
  const tolerates = (key: string) =>
    tolerations.some((t) => (!t.key || t.key === key) && (!t.effect || t.effect === 'NoExecute'));
  const missing = KEYS.filter((key) => !tolerates(key));
  if (missing.length > 0)
    object['spec'].tolerations = [
      ...tolerations,
      ...missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: SECONDS })),
    ];
};
