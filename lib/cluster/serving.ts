// The cluster's API as it is reached: on the control plane's port inside the world, and by streams that the host hands in.
import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { stringify } from 'yaml';
import type { Pull } from '../images/image';
import { toDuplex } from '../machine/duplex';
import type { Connection, Listener, NetStack } from '../machine/net';
import { type Certificate, TlsError, tlsAccept } from '../machine/tls';
import type { Table } from '../sim/state';
import type { TokenSubject } from './api/call';
import type { Operations } from './api/operations';
import { createApiServer } from './api/server';
import type { PodStreams } from './api/streams';
import { type Account, CLASSROOM, kubeadmin } from './auth/accounts';
import { ClusterAuth } from './auth/auth';
import type { ClientCertificates } from './auth/client-certificates';
import { AUDIENCE } from './auth/service-account-tokens';
import type { NetworkReviews } from './reviews';

export const API_PORT = 6443;
/** Who the administrator of each kind of cluster is: the installer's, or kubeadm's. */
const ADMIN = { openshift: 'system:admin', kubernetes: 'kubernetes-admin' };
const PLAIN_TEXT = 'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n'; // Go's net/http

export interface ServingOptions {
  operations: Operations;
  streams: PodStreams;
  reviews: NetworkReviews;
  pull: (reference: string) => Pull;
  table: Table;
  sync: () => Promise<void>;
  onBug: (error: unknown) => string;
  certificate: Certificate;
  clientCertificates: ClientCertificates;
  /** Fixed tokens beside the accounts' (the bare control plane's). */
  accounts?: readonly Account[];
  /** Nobody is refused anything: the bare control plane, as Kubernetes' own client tests run theirs. */
  alwaysAllow?: boolean;
}

export class Serving {
  readonly server: Server;
  private listener: Listener | undefined;
  private readonly auth: ClusterAuth;
  private readonly adminToken: string;

  constructor(private readonly options: ServingOptions) {
    const { operations, streams, reviews, pull, sync, onBug, table } = options;
    this.adminToken = table.get<string>('admin-token') ?? operations.random.hex(32);
    if (!table.has('admin-token')) table.set('admin-token', this.adminToken);
    const name = ADMIN[operations.settings.profile];
    const admin: Account = { name, token: this.adminToken, groups: ['system:masters'] };
    this.auth = new ClusterAuth({
      operations,
      alwaysAllow: options.alwaysAllow ?? false,
      anonymous: !options.alwaysAllow, // kubeadm and OpenShift leave --anonymous-auth on
      clientCertificates: options.clientCertificates,
      accounts: [...CLASSROOM, kubeadmin(this.adminToken), admin, ...(options.accounts ?? [])],
    });
    this.server = createApiServer({ operations, auth: this.auth, streams, reviews, pull, sync, onBug });
  }

  /** Serves a stream from outside the world. A trusted one may name its user in X-Remote-User. */
  serve(stream: Duplex, { trusted }: { trusted: boolean }): void {
    if (trusted) this.auth.trust(stream);
    this.server.emit('connection', stream);
  }

  trust(stream: Duplex): void {
    this.auth.trust(stream);
  }

  /** A token as `oc login` gets. */
  tokenFor(user: string): string {
    return this.auth.authenticator.oauth.issue(user).token;
  }

  /** A token of a service account, bound to a pod. */
  issueToken(
    namespace: string,
    account: TokenSubject,
    seconds: number,
    audience: string | undefined,
    pod: TokenSubject,
  ): string {
    return this.auth.issueToken(namespace, account, seconds, [audience ?? AUDIENCE], pod);
  }

  /** Answers on the control plane's network. */
  listen(stack: NetStack): void {
    const listener = stack.listen(API_PORT);
    this.listener = listener;
    void (async () => {
      for (let connection = await listener.accept(); connection; connection = await listener.accept())
        void this.accept(connection);
    })();
  }

  /** Refuses connections: there is no API server. */
  close(): void {
    this.listener?.close();
    this.listener = undefined;
  }

  get isListening(): boolean {
    return this.listener !== undefined;
  }

  /** The administrator's kubeconfig, for use inside the world. */
  administratorKubeconfig(ca: string): string {
    const { apiUrl: server, profile } = this.options.operations.settings;
    const { cluster, user, context, namespace } = profile === 'openshift' ? installed(server) : KUBEADM;
    return stringify({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: cluster, cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
      ],
      contexts: [{ name: context, context: { cluster, ...(namespace && { namespace }), user } }],
      'current-context': context,
      preferences: {},
      users: [{ name: user, user: { token: this.adminToken } }],
    });
  }

  private async accept(connection: Connection): Promise<void> {
    try {
      const { client } = await tlsAccept(connection, () => this.options.certificate);
      const stream = toDuplex(connection);
      if (client) this.auth.introduce(stream, client);
      this.server.emit('connection', stream);
    } catch (error) {
      if (error instanceof TlsError) await connection.write(Buffer.from(PLAIN_TEXT)).catch(() => {});
      connection.close();
    }
  }
}

interface Names {
  cluster: string;
  user: string;
  context: string;
  namespace?: string;
}

/** The names in kubeadm's admin.conf. */
const KUBEADM: Names = { cluster: 'kubernetes', user: 'kubernetes-admin', context: 'kubernetes-admin@kubernetes' };

/** The names that `oc login` would give. */
function installed(server: string): Names {
  const cluster = new URL(server).host.replaceAll('.', '-');
  return {
    cluster,
    user: `${ADMIN.openshift}/${cluster}`,
    context: `default/${cluster}/${ADMIN.openshift}`,
    namespace: 'default',
  };
}
