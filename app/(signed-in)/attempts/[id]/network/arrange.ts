// Where everything of a network's picture goes: the ways in to the left, services in the middle, nodes with their pods to the right.
import type { Edge, Node } from '@xyflow/react';
import type { Picture, PictureConnection, PicturePod, PictureService } from '../../../../../lib/server/picture';

/** What a box says. */
interface BoxData extends Record<string, unknown> {
  kind: 'outside' | 'route' | 'service' | 'node' | 'pod';
  title: string;
  /** Where it belongs. */
  namespace?: string;
  lines: string[];
  tone: 'plain' | 'good' | 'waiting' | 'bad';
}

export type Box = Node<BoxData>;

// Pixels. The boxes' sizes stand in network.css, too.
const BOX = { width: 200, height: 86, gap: 18 };
const COLUMN = { outside: 0, service: 280, node: 570 };
const NODE = { header: 62, padding: 14, podsInARow: 1, gap: 20 };
const STUDENTS_HOST = 'workstation';
const RECENT_MS = 15_000; // a connection is drawn so long after it was made

const serviceId = ({ namespace, name }: { namespace: string; name: string }): string => `service/${namespace}/${name}`;
const routeId = ({ namespace, name }: { namespace: string; name: string }): string => `route/${namespace}/${name}`;

/** `selected`: the id of a pod whose connections are shown with what policies forbid. */
export function arrange(picture: Picture, now: number, selected?: string): { nodes: Box[]; edges: Edge[] } {
  return {
    nodes: [...outsideBoxes(picture), ...serviceBoxes(picture), ...nodeBoxes(picture)],
    edges: [
      ...waysIn(picture),
      ...picture.services.flatMap(endpointEdges),
      ...connectionEdges(picture, now),
      ...(selected ? blockEdges(picture, selected) : []),
    ],
  };
}

function column(x: number, boxes: { id: string; data: BoxData }[]): Box[] {
  return boxes.map(({ id, data }, i) => ({
    id,
    data,
    type: 'box',
    position: { x, y: i * (BOX.height + BOX.gap) },
  }));
}

function outsideBoxes({ outside, routes }: Picture): Box[] {
  return column(COLUMN.outside, [
    ...outside.map(({ id, name, address }) => ({
      id,
      data: { kind: 'outside' as const, title: name, lines: [address], tone: 'plain' as const },
    })),
    ...routes.map((route) => ({
      id: routeId(route),
      data: {
        kind: 'route' as const,
        title: route.name,
        namespace: route.namespace,
        lines: [route.host],
        tone: 'plain' as const,
      },
    })),
  ]);
}

const serviceBoxes = ({ services }: Picture): Box[] =>
  column(
    COLUMN.service,
    services.map((service) => ({ id: serviceId(service), data: serviceBox(service) })),
  );

function serviceBox(service: PictureService): BoxData {
  const { type, addresses, ports, endpoints } = service;
  const count = endpoints.length === 1 ? '1 endpoint' : `${endpoints.length} endpoints`;
  return {
    kind: 'service',
    title: service.name,
    namespace: service.namespace,
    lines: [`${type} ${addresses.join(', ')}`, `${ports.join(', ')} · ${type === 'ExternalName' ? 'a name' : count}`],
    tone: endpoints.length > 0 || type === 'ExternalName' ? 'good' : 'bad',
  };
}

/** A node's box, and its pods within. Pods that no node has yet stand in a box of their own. */
function nodeBoxes({ nodes, pods }: Picture): Box[] {
  const frames = nodes.map(({ name, address, subnets }) => ({ name, lines: [address, subnets.join(', ')] }));
  const unscheduled = pods.some(({ node }) => node === '') ? [{ name: '', lines: ['waiting for a node'] }] : [];
  let y = 0;
  return [...frames, ...unscheduled].flatMap(({ name, lines }) => {
    const own = pods.filter(({ node }) => node === name);
    const rows = Math.ceil(own.length / NODE.podsInARow);
    const height = NODE.header + rows * (BOX.height + BOX.gap) + NODE.padding;
    const width = NODE.podsInARow * (BOX.width + BOX.gap) + NODE.padding;
    const id = `node/${name}`;
    const frame: Box = {
      id,
      type: 'frame',
      position: { x: COLUMN.node, y },
      style: { width, height },
      data: { kind: 'node', title: name || 'Not scheduled', lines, tone: 'plain' },
      selectable: false,
    };
    y += height + NODE.gap;
    return [frame, ...own.map((pod, i) => podBox(pod, i, id))];
  });
}

function podBox(pod: PicturePod, i: number, parentId: string): Box {
  const { id, addresses, listening, ready, phase, hostNetwork } = pod;
  const state = phase === 'Running' && !ready ? 'not ready' : phase;
  return {
    id,
    parentId,
    extent: 'parent',
    type: 'box',
    position: {
      x: NODE.padding + (i % NODE.podsInARow) * (BOX.width + BOX.gap),
      y: NODE.header + Math.floor(i / NODE.podsInARow) * (BOX.height + BOX.gap),
    },
    data: {
      kind: 'pod',
      title: pod.name,
      namespace: pod.namespace,
      lines: [
        hostNetwork ? "on its node's network" : addresses.join(', ') || 'no address',
        listening.join(' ') || (phase === 'Running' ? 'nothing listens' : state),
      ],
      tone: toneOf(pod),
    },
  };
}

const toneOf = ({ phase, ready }: PicturePod): BoxData['tone'] =>
  phase === 'Failed' ? 'bad' : ready || phase === 'Succeeded' ? 'good' : 'waiting';

function waysIn({ routes, services, outside }: Picture): Edge[] {
  const door = outside.find(({ name }) => name === STUDENTS_HOST)?.id;
  const known = new Set(services.map(serviceId));
  return [
    ...routes.flatMap((route) => {
      const target = serviceId({ namespace: route.namespace, name: route.service });
      return known.has(target) ? [line(routeId(route), target, 'podlab-line-way')] : [];
    }),
    ...services.flatMap((service) =>
      door && (service.type === 'NodePort' || service.type === 'LoadBalancer')
        ? [line(door, serviceId(service), 'podlab-line-way', service.ports.join(', '))]
        : [],
    ),
  ];
}

function endpointEdges(service: PictureService): Edge[] {
  const pods = new Set(service.endpoints.flatMap(({ pod }) => (pod ? [pod] : [])));
  return [...pods].map((pod) => line(serviceId(service), pod, 'podlab-line-endpoint'));
}

function connectionEdges({ connections, pods, outside, nodes }: Picture, now: number): Edge[] {
  const known = new Set([
    ...pods.map(({ id }) => id),
    ...outside.map(({ id }) => id),
    ...nodes.map(({ name }) => `node/${name}`),
  ]);
  return connections
    .filter(({ at, from, to }) => now - at < RECENT_MS && known.has(from) && to && known.has(to))
    .map(connectionEdge);
}

const connectionEdge = ({ from, to = '', port, verdict }: PictureConnection): Edge => ({
  ...line(from, to, verdict === 'delivered' ? 'podlab-line-live' : 'podlab-line-dead', `${port} ${verdict}`),
  animated: true,
});

const blockEdges = ({ blocked }: Picture, selected: string): Edge[] =>
  blocked
    .filter(({ from, to }) => from === selected || to === selected)
    .map(({ from, to, port, policy }) => line(from, to, 'podlab-line-block', `${port}: ${policy}`));

const line = (source: string, target: string, className: string, label?: string): Edge => ({
  id: `${className} ${source} ${target} ${label ?? ''}`,
  source,
  target,
  className,
  ...(label && { label }),
});
