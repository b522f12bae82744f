// busybox called by its own name: lists its applets, or becomes one of them.

import type { Process, Program } from '../machine/process';
import { releaseOf } from './release';

const WIDTH = 72;

export const busybox: Program = async (proc) => {
  const [applet, ...args] = proc.argv.slice(1);
  if (applet === undefined || applet === '--help') return list(proc);
  const path = `/bin/${applet}`;
  if (applet === '--list')
    return proc
      .print(
        applets(proc)
          .map((name) => `${name}\n`)
          .join(''),
      )
      .then(() => 0);
  if (applet === 'busybox' || proc.files.find(path)?.type !== 'file') {
    await proc.complain(`${applet}: applet not found\n`);
    return 127;
  }
  return proc.exec([path, ...args], [applet, ...args], proc.env);
};

const applets = (proc: Process): string[] =>
  proc.files
    .list('/bin')
    .filter((name) => name !== 'busybox')
    .sort();

async function list(proc: Process): Promise<number> {
  const version = releaseOf(proc, '1.36.1');
  const lines: string[] = [];
  let line = '\t';
  for (const name of applets(proc)) {
    if (line.length + name.length > WIDTH) {
      lines.push(line.trimEnd());
      line = '\t';
    }
    line += `${name}, `;
  }
  lines.push(line.trimEnd().replace(/,$/, ''));
  await proc.print(
    `BusyBox v${version} (2024-09-26 21:31:42 UTC) multi-call binary.\nBusyBox is copyrighted by many authors between 1998-2015.\nLicensed under GPLv2. See source distribution for detailed\ncopyright notices.\n\nUsage: busybox [function [arguments]...]\n   or: busybox --list[-full]\n   or: function [arguments]...\n\nCurrently defined functions:\n${lines.join('\n')}\n`,
  );
  return 0;
}
