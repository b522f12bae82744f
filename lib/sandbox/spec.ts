// What a world is made from: the parts of a lab that matter to it, with variables already drawn.
import type { DeclaredImage } from '../images/declared/declaration';

export interface SandboxSpec {
  lab: string;
  title: string;
  seed: number;
  /** Milliseconds since the epoch at which the world begins. */
  now: number;
  profile: 'openshift' | 'kubernetes';
  network: string;
  workers: number;
  clusterNetwork: string;
  hostPrefix: number;
  serviceNetwork: string;
  pace: 'instant' | 'brisk' | 'realistic';
  /** A control plane alone: one node object, nothing runs (`npm run cluster -- --bare`). */
  bare?: boolean;
  variables: Record<string, string>;
  /** Script texts, run by bash on the workstation as the cluster administrator. */
  scripts: { prepare?: string; start?: string; finish?: string };
  /** The lab's own images. */
  images?: DeclaredImage[];
}
