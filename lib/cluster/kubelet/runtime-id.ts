// By what id a node knows a pod: its containers, logs and volumes.
import type { Pod } from '../kinds';

export const MIRROR = 'kubernetes.io/config.mirror';

/** A static pod is the same however often its mirror is deleted and made again; any other is what the API calls it. */
export function runtimeId({ metadata }: Pod): string {
  const mirror = metadata.annotations?.[MIRROR];
  return mirror ? `static-${mirror}` : metadata.uid;
}
