// Which check proves which objective, and which check waits for which.
'use client';

import '@xyflow/react/dist/style.css';
import { Background, Controls, type Edge, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import type { Analysis } from '../../../../lib/server/workshop/workshop';
import { lay } from './lay';

type Outline = NonNullable<Analysis['outline']>;

type Box = Node<{ kind: string; title: string; note: string; tone: string }>;

function BoxView({ data }: NodeProps<Box>) {
  return (
    <div className={`podlab-goal podlab-goal-${data.tone}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className="podlab-goal-kind">{data.kind}</div>
      <div className="podlab-goal-title">{data.title}</div>
      <div className="podlab-goal-note">{data.note}</div>
      <Handle type="source" position={Position.Right} isConnectable={false} />
      <Handle id="above" type="target" position={Position.Top} isConnectable={false} />
      <Handle id="below" type="source" position={Position.Bottom} isConnectable={false} />
    </div>
  );
}

const TYPES = { goal: BoxView };

export default function GraphView({ outline }: { outline: Outline | undefined }) {
  if (!outline) return <p className="podlab-quiet">The graph appears when the lab has no mistakes.</p>;
  const { boxes, lines } = lay(outline);
  const nodes: Box[] = boxes.map(({ id, x, y, ...data }) => ({ id, type: 'goal', position: { x, y }, data }));
  const edges: Edge[] = lines.map(({ from, to, needs }) => ({
    id: `${from} ${to}`,
    source: from,
    target: to,
    animated: needs,
    ...(needs && { label: 'first', sourceHandle: 'below', targetHandle: 'above' }),
  }));
  return (
    <div className="podlab-graph">
      <ReactFlow
        key={JSON.stringify(boxes)}
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        nodesDraggable={false}
        nodesConnectable={false}
        minZoom={0.2}
        fitView
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
