// How terminals look, live and replayed.
export const TERMINAL_LOOK = {
  fontFamily: '"Red Hat Mono", "Liberation Mono", Menlo, Consolas, monospace',
  fontSize: 14,
  scrollback: 5_000,
  theme: {
    background: '#151515',
    foreground: '#e0e0e0',
    cursor: '#92c5f9',
    selectionBackground: '#4394e580',
    black: '#383838',
    red: '#f0561d',
    green: '#87bb62',
    yellow: '#ffcc17',
    blue: '#4394e5',
    magenta: '#b6a6e9',
    cyan: '#63bdbd',
    white: '#e0e0e0',
    brightBlack: '#707070',
  },
};
