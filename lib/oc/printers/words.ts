// Durations in words: docker's units.HumanDuration in lower case, as oc writes them.

const DAY = 24; // hours

export function humanWords(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 1) return 'less than a second';
  if (seconds === 1) return '1 second';
  if (seconds < 60) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 1) return 'about a minute';
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(ms / 3_600_000);
  if (hours === 1) return 'about an hour';
  if (hours < 2 * DAY) return `${hours} hours`;
  if (hours < 14 * DAY) return `${Math.floor(hours / DAY)} days`;
  if (hours < 60 * DAY) return `${Math.floor(hours / DAY / 7)} weeks`;
  if (hours < 730 * DAY) return `${Math.floor(hours / DAY / 30)} months`;
  return `${Math.floor(hours / DAY / 365)} years`;
}
