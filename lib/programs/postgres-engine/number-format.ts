// to_char for numbers: 9, 0, point, comma, sign and currency (src/backend/utils/adt/formatting.c).
import * as numeric from './numeric';

/** @example formatNumber('1234.5', 'FM9,999.00') // '1,234.50' */
export function formatNumber(value: string, format: string): string {
  const fillMode = /^FM/i.test(format);
  const [, body = '', end = ''] = /^([\s\S]*[09.,DGSMIPRL$])?([\s\S]*)$/.exec(format.replace(/^FM/i, '')) ?? [];
  const point = body.search(/[.D]/);
  const [wholePart, fractionPart] = point < 0 ? [body, ''] : [body.slice(0, point), body.slice(point + 1)];
  const decimals = fractionPart.replace(/[^09]/g, '').length;
  const rounded = numeric.round(value, decimals);
  const negative = rounded.startsWith('-');
  const [digits = '0', fraction = ''] = rounded.replace('-', '').split('.');
  const places = wholePart.replace(/[^09]/g, '');
  const zeroFrom = places.indexOf('0');
  if (digits.replace(/^0+/, '').length > places.length) return ` ${body.replace(/[09]/g, '#')}`;
  const whole = fillWhole(wholePart, digits === '0' && decimals > 0 && zeroFrom < 0 ? '' : digits, zeroFrom);
  let tail = point < 0 ? '' : `.${fraction}`;
  if (fillMode && tail) tail = trimNines(tail, fractionPart);
  const number = `${negative ? '-' : ''}${whole.trimStart()}${tail}`;
  return `${fillMode ? number : number.padStart(body.replace(/[SLMIPR]/g, '').length + 1)}${end}`;
}

/** Digits into the pattern from the right; commas only between digits. */
function fillWhole(pattern: string, digits: string, zeroFrom: number): string {
  const letters = [...pattern];
  const places = letters.filter((c) => c === '9' || c === '0').length;
  const padded = digits.replace(/^0+(?=\d)/, '').padStart(places);
  let place = 0;
  let started = false;
  return letters
    .map((c) => {
      if (c === ',' || c === 'G') return started ? ',' : ' ';
      if (c !== '9' && c !== '0') return c === '$' || c === 'L' ? '$' : '';
      const digit = padded[place++] ?? ' ';
      const shown = digit === ' ' && zeroFrom >= 0 && place > zeroFrom ? '0' : digit;
      if (shown !== ' ') started = true;
      return shown;
    })
    .join('');
}

function trimNines(tail: string, pattern: string): string {
  const lastZero = pattern.replace(/[^09]/g, '').lastIndexOf('0');
  let cut = tail;
  while (cut.length > lastZero + 2 && cut.endsWith('0')) cut = cut.slice(0, -1);
  return cut;
}
