// The boxes of the picture: one for hosts, routes, services and pods, and a frame for nodes.
import { Handle, type NodeProps, Position } from '@xyflow/react';
import type { Box } from './arrange';

const KINDS = { outside: 'host', route: 'route', service: 'service', node: 'node', pod: 'pod' } as const;

function Words({ data }: { data: Box['data'] }) {
  return (
    <>
      <div className="podlab-box-kind">{[KINDS[data.kind], data.namespace].filter(Boolean).join(' · ')}</div>
      <div className="podlab-box-title" title={data.title}>
        {data.title}
      </div>
      {data.lines.map((text) => (
        <div key={text} className="podlab-box-line" title={text}>
          {text}
        </div>
      ))}
    </>
  );
}

function BoxView({ data, selected }: NodeProps<Box>) {
  return (
    <div className={`podlab-box podlab-box-${data.kind} podlab-tone-${data.tone}${selected ? ' podlab-selected' : ''}`}>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Words data={data} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

function FrameView({ data }: NodeProps<Box>) {
  return (
    <div className="podlab-frame">
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <Words data={data} />
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}

/** Kept outside of any component: React Flow wants the same object at every drawing. */
export const boxTypes = { box: BoxView, frame: FrameView };
