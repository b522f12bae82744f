// The two rows of shortcuts at the bottom, for each thing that nano can be doing; in the order of the screen, row by row.

export type Bar = readonly [key: string, what: string][][];

export const MAIN: Bar = [
  [
    ['^G', 'Help'],
    ['^O', 'Write Out'],
    ['^W', 'Where Is'],
    ['^K', 'Cut'],
    ['^T', 'Execute'],
    ['^C', 'Location'],
    ['M-U', 'Undo'],
    ['M-A', 'Set Mark'],
  ],
  [
    ['^X', 'Exit'],
    ['^R', 'Read File'],
    ['^\\', 'Replace'],
    ['^U', 'Paste'],
    ['^J', 'Justify'],
    ['^_', 'Go To Line'],
    ['M-E', 'Redo'],
    ['M-6', 'Copy'],
  ],
];

export const WRITE: Bar = [
  [
    ['^G', 'Help'],
    ['M-D', 'DOS Format'],
    ['M-A', 'Append'],
    ['M-B', 'Backup File'],
  ],
  [
    ['^C', 'Cancel'],
    ['M-M', 'Mac Format'],
    ['M-P', 'Prepend'],
    ['^T', 'Browse'],
  ],
];

export const READ: Bar = [
  [
    ['^G', 'Help'],
    ['M-F', 'New Buffer'],
    ['^X', 'Execute Command'],
  ],
  [
    ['^C', 'Cancel'],
    ['M-N', 'No Conversion'],
    ['^T', 'Browse'],
  ],
];

export const SEARCH: Bar = [
  [
    ['^G', 'Help'],
    ['M-C', 'Case Sens'],
    ['M-B', 'Backwards'],
    ['^P', 'Older'],
    ['^T', 'Go To Line'],
  ],
  [
    ['^C', 'Cancel'],
    ['M-R', 'Reg.exp.'],
    ['^R', 'Replace'],
    ['^N', 'Newer'],
  ],
];

export const REPLACE: Bar = [
  [
    ['^G', 'Help'],
    ['M-C', 'Case Sens'],
    ['M-B', 'Backwards'],
    ['^P', 'Older'],
  ],
  [
    ['^C', 'Cancel'],
    ['M-R', 'Reg.exp.'],
    ['^R', 'No Replace'],
    ['^N', 'Newer'],
  ],
];

export const REPLACE_WITH: Bar = [
  [
    ['^G', 'Help'],
    ['^P', 'Older'],
  ],
  [
    ['^C', 'Cancel'],
    ['^N', 'Newer'],
  ],
];

export const GO_TO: Bar = [
  [
    ['^G', 'Help'],
    ['^W', 'Begin of Paragr.'],
    ['^Y', 'First Line'],
    ['^T', 'Go To Text'],
  ],
  [
    ['^C', 'Cancel'],
    ['^O', 'End of Paragraph'],
    ['^V', 'Last Line'],
  ],
];

export const YES_NO: Bar = [
  [[' Y', 'Yes']],
  [
    [' N', 'No'],
    ['^C', 'Cancel'],
  ],
];

export const YES_NO_ALL: Bar = [
  [
    [' Y', 'Yes'],
    [' A', 'All'],
  ],
  [
    [' N', 'No'],
    ['^C', 'Cancel'],
  ],
];

export const HELP: Bar = [
  [
    ['^L', 'Refresh'],
    ['^W', 'Where Is'],
    ['M-Q', 'Previous'],
    ['^P', 'Prev Line'],
    ['^Y', 'Prev Page'],
    ['M-\\', 'First Line'],
  ],
  [
    ['^X', 'Close'],
    ['^Q', 'Where Was'],
    ['M-W', 'Next'],
    ['^N', 'Next Line'],
    ['^V', 'Next Page'],
    ['M-/', 'Last Line'],
  ],
];

const NARROWEST = 13; // columns of one shortcut of the main bar
const QUESTION_CELL = 16;

/** The two rows, keys in reverse. */
export function drawn(bar: Bar, columns: number): string[] {
  const most = Math.max(...bar.map((row) => row.length));
  const question = bar === YES_NO || bar === YES_NO_ALL;
  const perRow = Math.max(1, Math.min(most, Math.floor(columns / NARROWEST)));
  const cell = question ? QUESTION_CELL : Math.floor(columns / perRow);
  return bar.map((row) =>
    row
      .slice(0, perRow)
      .map(([key, what]) => {
        const text = ` ${what}`.slice(0, Math.max(0, cell - key.length));
        return `\x1b[7m${key}\x1b[27m${text}${' '.repeat(Math.max(0, cell - key.length - text.length))}`;
      })
      .join('')
      .trimEnd(),
  );
}
