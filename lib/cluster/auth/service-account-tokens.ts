// Bound service-account tokens: JSON web tokens about an account and, often, the pod it is for.
// DIFFERS: signed with HS256, not RS256: nobody outside the world has to check them.
import { createHmac } from 'node:crypto';
import type { Clock } from '../../sim/clock';
import type { Random } from '../../sim/random';
import type { Table } from '../../sim/state';
import type { UserInfo } from '../resources/definition';
import type { ObjectStore } from '../store/store';
import { sameText } from './passwords';

export const AUDIENCE = 'https://kubernetes.default.svc';

interface Claims {
  iss: string;
  sub: string;
  aud: string[];
  exp: number;
  iat: number;
  'kubernetes.io': {
    namespace: string;
    serviceaccount: Bound;
    pod?: Bound;
  };
}

export interface Bound {
  name: string;
  uid: string;
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

export class ServiceAccountTokens {
  constructor(
    private readonly keys: Table,
    private readonly store: ObjectStore,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  issue(namespace: string, account: Bound, seconds: number, audiences: string[], pod?: Bound): string {
    const now = Math.floor(this.clock.now() / 1000);
    const claims: Claims = {
      aud: audiences,
      exp: now + seconds,
      iat: now,
      iss: AUDIENCE,
      'kubernetes.io': { namespace, serviceaccount: account, ...(pod && { pod }) },
      sub: `system:serviceaccount:${namespace}:${account.name}`,
    };
    const body = `${encode({ alg: 'HS256', kid: 'cluster' })}.${encode(claims)}`;
    return `${body}.${this.sign(body)}`;
  }

  /** undefined when it is forged, expired, for another audience, or about something that is gone. */
  user(token: string): UserInfo | undefined {
    const claims = this.claims(token);
    if (!claims || claims.exp * 1000 <= this.clock.now() || !claims.aud.includes(AUDIENCE)) return undefined;
    const { namespace, serviceaccount, pod } = claims['kubernetes.io'];
    const account = this.store.get('serviceaccounts', namespace, serviceaccount.name);
    if (account?.metadata.uid !== serviceaccount.uid) return undefined;
    if (pod && this.store.get('pods', namespace, pod.name)?.metadata.uid !== pod.uid) return undefined;
    return {
      name: claims.sub,
      uid: serviceaccount.uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
      ...(pod && {
        extra: {
          'authentication.kubernetes.io/pod-name': [pod.name],
          'authentication.kubernetes.io/pod-uid': [pod.uid],
        },
      }),
    };
  }

  private claims(token: string): Claims | undefined {
    const cut = token.lastIndexOf('.');
    const parts = token.split('.');
    if (parts.length !== 3 || !sameText(this.sign(token.slice(0, cut)), token.slice(cut + 1))) return undefined;
    return JSON.parse(Buffer.from(parts[1] as string, 'base64url').toString()) as Claims;
  }

  private sign(body: string): string {
    let key = this.keys.get<string>('service-accounts');
    if (!key) this.keys.set('service-accounts', (key = this.random.hex(64)));
    return createHmac('sha256', key).update(body).digest('base64url');
  }
}
