// curl's progress meter: lib/progress.c.

export const METER_HEAD =
  '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n';

/** One line of the meter, to stand over the one before. `total` is undefined while it is not known. */
export function meterLine(received: number, total: number | undefined, sent: number, seconds: number): string {
  const speed = (bytes: number) => (seconds > 0 ? Math.round(bytes / seconds) : 0);
  const all = (total ?? received) + sent;
  const percent = all > 0 ? Math.floor(((received + sent) * 100) / all) : 0;
  const time = (n: number) => (n >= 1 ? clock(Math.floor(n)) : '--:--:--');
  const left = total && received > 0 ? time((seconds * total) / received) : '--:--:--';
  const columns = [
    `${pad(percent)} ${size(all)}`,
    `${pad(received > 0 ? percent : 0)} ${size(received)}`,
    `${pad(sent > 0 ? 100 : 0)} ${size(sent)}`,
    `${size(speed(received))}  ${size(speed(sent))} ${left} ${time(seconds)} ${'--:--:--'} ${size(speed(received + sent))}`,
  ];
  return `\r${columns.join('  ')}`;
}

const pad = (n: number) => String(n).padStart(3);
const clock = (s: number) =>
  `${String(Math.floor(s / 3600)).padStart(2)}:${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;

/** Five letters. */
function size(bytes: number): string {
  if (bytes < 100_000) return String(bytes).padStart(5);
  if (bytes < 10_000 * 1024) return `${Math.floor(bytes / 1024)}k`.padStart(5);
  if (bytes < 100 * 1024 * 1024) return `${(Math.floor((bytes * 10) / 1024 / 1024) / 10).toFixed(1)}M`.padStart(5);
  return `${Math.floor(bytes / 1024 / 1024)}M`.padStart(5);
}
