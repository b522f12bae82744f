// AGE texts: apimachinery pkg/util/duration, and the helpers printers share.

const floor = Math.floor;
const with2 = (big: number, bigUnit: string, small: number, smallUnit: string) =>
  small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`;

/** `2m5s`, `3h`, `47h`, `5d12h`: HumanDuration of milliseconds. */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = floor(seconds / 60);
  if (minutes < 10) return with2(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = floor(seconds / 3600);
  if (hours < 8) return with2(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  if (hours < 24 * 8) return with2(floor(hours / 24), 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${floor(hours / 24)}d`;
  if (hours < 24 * 365 * 8) return with2(floor(hours / 24 / 365), 'y', floor(hours / 24) % 365, 'd');
  return `${floor(hours / 24 / 365)}y`;
}

/** `2m`, `3h`, `5d`: ShortHumanDuration of milliseconds. */
export function shortHumanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${floor(seconds / 3600)}h`;
  const days = floor(seconds / 86_400);
  return days < 365 ? `${days}d` : `${floor(days / 365)}y`;
}

/** Time since a timestamp, or `<unknown>`. */
export function since(timestamp: string | null | undefined, now: number): string {
  const at = timestamp ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(at) ? '<unknown>' : humanDuration(now - at);
}
