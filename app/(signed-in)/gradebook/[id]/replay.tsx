// Plays a terminal's recording: play, pause, seek, speed; long silences are cut short.
'use client';

import { Alert, Button, Flex, FlexItem, Slider, Spinner, ToggleGroup, ToggleGroupItem } from '@patternfly/react-core';
import { Terminal } from '@xterm/xterm';
import { useEffect, useRef, useState } from 'react';
import type { RecordedEvent } from '../../../../lib/server/terminals/recorder';
import { TERMINAL_LOOK } from '../../terminal-look';
import { type Frame, timeline } from './timeline';

const SPEEDS = [1, 4, 16];

export default function Replay({ path }: { path: string }) {
  const [frames, setFrames] = useState<Frame[]>();
  const [error, setError] = useState(false);
  useEffect(() => {
    fetch(path)
      .then((response) => (response.ok ? response.json() : Promise.reject(response)))
      .then(({ events }: { events: RecordedEvent[] }) => setFrames(timeline(events)))
      .catch(() => setError(true));
  }, [path]);
  if (error) return <Alert isInline variant="danger" title="The recording could not be loaded. Reload the page." />;
  return frames ? <Player frames={frames} /> : <Spinner aria-label="Loading the recording" />;
}

function Player({ frames }: { frames: Frame[] }) {
  const place = useRef<HTMLDivElement>(null);
  const screen = useRef<Screen>(null);
  const end = frames.at(-1)?.at ?? 0;
  const [at, setAt] = useState(end);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);

  useEffect(() => {
    if (!place.current) return;
    const opened = new Screen(place.current, frames);
    screen.current = opened;
    opened.show(end);
    return () => opened.dispose();
  }, [frames, end]);

  useEffect(() => {
    if (!playing) return;
    let last = performance.now();
    let request = requestAnimationFrame(function step(now) {
      const passed = (now - last) * speed;
      last = now;
      setAt((before) => Math.min(end, before + passed));
      request = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(request);
  }, [playing, speed, end]);

  useEffect(() => {
    screen.current?.show(at);
    if (at >= end) setPlaying(false);
  }, [at, end]);

  function toggle() {
    if (!playing && at >= end) setAt(0);
    setPlaying(!playing);
  }

  return (
    <>
      <div ref={place} className="podlab-replay" />
      <Flex className="podlab-replay-bar" alignItems={{ default: 'alignItemsCenter' }}>
        <FlexItem>
          <Button variant="primary" onClick={toggle} aria-label={playing ? 'Pause' : 'Play'}>
            {playing ? 'Pause' : 'Play'}
          </Button>
        </FlexItem>
        <FlexItem grow={{ default: 'grow' }}>
          <Slider
            aria-label="Time"
            value={end === 0 ? 0 : (at / end) * 100}
            onChange={(_, value) => setAt((value / 100) * end)}
            showBoundaries={false}
          />
        </FlexItem>
        <FlexItem className="podlab-quiet">
          {clock(at)} / {clock(end)}
        </FlexItem>
        <FlexItem>
          <ToggleGroup aria-label="Speed" isCompact>
            {SPEEDS.map((each) => (
              <ToggleGroupItem
                key={each}
                text={`${each}×`}
                isSelected={each === speed}
                onChange={() => setSpeed(each)}
              />
            ))}
          </ToggleGroup>
        </FlexItem>
      </Flex>
    </>
  );
}

/** A terminal that shows the recording up to a moment. Going back means writing it again from the start. */
class Screen {
  private readonly terminal = new Terminal({
    ...TERMINAL_LOOK,
    fontSize: 12,
    disableStdin: true,
    cursorInactiveStyle: 'block',
  });
  private shown = 0;

  constructor(
    element: HTMLElement,
    private readonly frames: Frame[],
  ) {
    this.terminal.open(element);
  }

  show(at: number): void {
    const until = this.frames.findLastIndex((frame) => frame.at <= at) + 1;
    if (until < this.shown) {
      this.terminal.reset();
      this.shown = 0;
    }
    for (const { text, size } of this.frames.slice(this.shown, until)) {
      if (size) this.terminal.resize(...size);
      if (text) this.terminal.write(text);
    }
    this.shown = until;
  }

  dispose(): void {
    this.terminal.dispose();
  }
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
