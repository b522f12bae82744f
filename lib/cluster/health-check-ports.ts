// The health-check node ports: on every node, whether a service whose external traffic stays local has an endpoint there
// (kube-proxy, pkg/proxy/healthcheck/service_health.go; OVN-Kubernetes answers alike).
import type { Connection, Listener, NetStack } from '../machine/net';
import type { Service } from '../network/kube';
import type { Network } from '../network/network';
import type { Cancel } from '../sim/clock';
import type { ObjectStore } from './store/store';

export interface HealthCheckPlan {
  store: ObjectStore;
  network: Network;
  nodes: readonly string[];
  stack(node: string): NetStack;
}

export class HealthCheckPorts {
  /** `port` to its service and the listeners on all nodes. */
  private readonly open = new Map<number, { key: string; listeners: Listener[] }>();
  private cancel: Cancel = () => {};

  constructor(private readonly plan: HealthCheckPlan) {}

  start(): void {
    this.cancel = this.plan.store.subscribe('services', () => this.sync());
    this.sync();
  }

  stop(): void {
    this.cancel();
  }

  private sync(): void {
    const wanted = new Map<number, string>();
    for (const { spec, metadata } of this.plan.store.list('services'))
      if (spec?.healthCheckNodePort) wanted.set(spec.healthCheckNodePort, `${metadata.namespace}/${metadata.name}`);
    for (const [port, { key, listeners }] of this.open)
      if (wanted.get(port) !== key) {
        for (const listener of listeners) listener.close();
        this.open.delete(port);
      }
    for (const [port, key] of wanted) if (!this.open.has(port)) this.listen(port, key);
  }

  private listen(port: number, key: string): void {
    const listeners = this.plan.nodes.map((node) => {
      const listener = this.plan.stack(node).listen(port);
      void this.serve(listener, key, node);
      return listener;
    });
    this.open.set(port, { key, listeners });
  }

  private async serve(listener: Listener, key: string, node: string): Promise<void> {
    for (let each = await listener.accept(); each; each = await listener.accept())
      void this.answer(each, key, node).catch(() => {}); // a client that went away
  }

  private async answer(connection: Connection, key: string, node: string): Promise<void> {
    try {
      await connection.read();
      const [namespace = '', name = ''] = key.split('/');
      const localEndpoints = this.localEndpoints(namespace, name, node);
      const body = JSON.stringify(
        { service: { namespace, name }, localEndpoints, serviceProxyHealthy: true },
        null,
        '\t',
      );
      const status = localEndpoints > 0 ? '200 OK' : '503 Service Unavailable';
      const head = `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff\r\nX-Load-Balancing-Endpoint-Weight: ${localEndpoints}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`;
      await connection.write(new TextEncoder().encode(head + body));
      connection.end();
    } finally {
      connection.close();
    }
  }

  private localEndpoints(namespace: string, name: string, node: string): number {
    const { services, hosts } = this.plan.network;
    const service: Service | undefined = services.get(namespace, name);
    const here = (service?.spec?.ports ?? []).flatMap((port) =>
      ([4, 6] as const).flatMap((family) => (service ? services.backends(service, port, family) : [])),
    );
    const local = here.filter((backend) => (backend.node ?? hosts.at(backend.address)?.node) === node);
    return new Set(local.map(({ address }) => address)).size;
  }
}
