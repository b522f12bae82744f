// A login shell on a terminal, typed into as a person does.
import { toBytes } from '../../machine/fs';
import { machineWith, type RunOptions } from './run';

const KEPT = 100_000; // characters of output
const LONGEST = 20_000; // rounds until something must have happened
const STEP_MS = 100; // of simulated time in one round
const TURNS = 60; // of the event loop: more than a pipeline of a few commands needs

/** Starts `-bash` and gives the keyboard and the screen. */
export async function session(options: RunOptions = {}) {
  const { machine, clock } = machineWith(options);
  const terminal = machine.terminal({ columns: 80, rows: 24 });
  const proc = machine.start(options.argv ?? ['-bash'], {
    terminal,
    uid: 1000,
    gid: 1000,
    cwd: '/work',
    env: { PATH: '/usr/bin', HOME: '/home/student', PS1: '$ ', TERM: 'xterm', ...options.env },
  });
  let output = '';
  const decoder = new TextDecoder();
  const pump = async () => {
    for (let chunk = await terminal.output.read(); chunk; chunk = await terminal.output.read())
      output = (output + decoder.decode(chunk, { stream: true })).slice(-KEPT);
  };
  void pump();
  await clock.settle();
  return {
    machine,
    clock,
    proc,
    terminal,
    /** Types and waits until nothing is ready; gives what appeared. */
    async type(text: string, ms = 0): Promise<string> {
      output = '';
      terminal.input(toBytes(text));
      // not settle(): a busy loop never settles
      for (let i = 0; i < TURNS; i++) await new Promise<void>((resolve) => setImmediate(resolve));
      if (ms > 0) await clock.advance(ms);
      return output;
    },
    /** Waits until something is so; the clock goes on meanwhile. */
    async until(condition: () => boolean): Promise<void> {
      for (let turn = 0; !condition(); turn++) {
        if (turn > LONGEST) throw new Error(`it did not come to be; on the screen: ${output.slice(-500)}`);
        for (let i = 0; i < TURNS; i++) await new Promise<void>((resolve) => setImmediate(resolve));
        await clock.advance(STEP_MS);
      }
    },
    get output() {
      return output;
    },
  };
}
