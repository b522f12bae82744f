// The host's time, for worlds that follow it. Only processes that run worlds import this.
import type { HostTime } from '../../sim/clock';

export const hostTime: HostTime = {
  now: () => Date.now(),
  setTimeout: (fn, ms) => setTimeout(fn, ms),
  clearTimeout: (handle) => clearTimeout(handle as NodeJS.Timeout),
};
